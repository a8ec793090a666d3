"""Credentials that prove themselves by their form: bearer and basic, JSON web tokens, keys, URLs, commands, webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors import validators
from discreet.detectors.emails import USERINFO
from discreet.detectors.model import Detector

if TYPE_CHECKING:
    from collections.abc import Iterator

_AWS = "AKIA|ASIA|AROA|AIDA|AGPA|AIPA|ANPA|ANVA|ABIA|ACCA"
_PEM = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|USER NKEY SEED|NATS USER JWT"
_HASHES = r"1|2[abxy]?|5|6|7|y|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha(?:1|256|512))?|apr1|P|H"
_COMMAND = r"[^\n|;&]{0,200}?[\t ]"


def _jwk_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the private member of a JSON web key: only where the text says that it is one (RFC 7517, 4.1)."""
    if '"kty"' in text:
        yield start, end


DETECTORS: Final = (
    Detector(
        kind="jwt",
        group="secret",
        pattern=r"eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}",
        validate=validators.jwt,
        level="restricted",
        example="got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
        near_miss="cursor eyJwYWdlIjoyfQ eyJoZWxsbyI6IndvcmxkIn0",
        source="RFC 7519",
    ),
    Detector(
        kind="aws_access_key",
        group="secret",
        pattern=rf"(?<![A-Z0-9])(?:{_AWS})[A-Z0-9]{{16,}}",
        gate=rf"(?:{_AWS})[A-Z0-9]{{8}}",
        level="restricted",
        example="using AKIAIOSFODNN7EXAMPLE",
        near_miss="AKIA and ASIAPACIFIC",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Detector(
        kind="bearer",
        group="credential",
        pattern=r"(?i)(?<![A-Za-z])bearer[\t +]{1,4}(?P<value>[A-Za-z0-9._~+/-]{8,}={0,2})",
        gate=r"(?i:bearer[\t +])",
        validate=validators.bearer,
        level="restricted",
        example="sent Bearer mF_9.B5f-4.1JqM",
        near_miss="Bearer authentication required, missing bearer token",
        source="RFC 6750",
    ),
    Detector(
        kind="basic",
        group="credential",
        pattern=r"(?i)(?<![A-Za-z])basic[\t +]{1,4}(?P<value>[A-Za-z0-9+/_-]{5,}={0,2})",
        gate=r"(?i:basic[\t +])",
        validate=validators.basic,
        level="restricted",
        example="sent Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        near_miss="Basic authentication enabled",
        source="RFC 7617",
    ),
    Detector(
        kind="authorization",
        name="auth_scheme",
        group="credential",
        pattern=(
            r"(?<![A-Za-z])(?i:apikey|ssws|geniekey|splunk|hawk|ntlm|negotiate|digest|token)[ ]"
            r"(?P<value>(?:username|token|id|response)=[^\r\n]{8,}|[A-Za-z0-9._~+/=-]{20,})"
        ),
        gate=r"(?i:apikey|ssws|geniekey|splunk|hawk|ntlm|negotiate|digest|token)[ ][A-Za-z0-9._~+/=-]",
        validate=validators.scheme_credential,
        level="restricted",
        example='sent Digest username="zoe", response="6629fae49393a05397450978507c4ef1"',
        near_miss="Negotiate authentication is enabled, Token authentication required",
        source="RFC 7616, RFC 4559; vendors' documentation of their schemes",
    ),
    Detector(
        kind="authorization",
        name="aws_signature_v4",
        group="credential",
        pattern=r"AWS4-HMAC-SHA256 (?P<value>Credential=[^\s,]+(?:,\s?[A-Za-z]+=[^\s,]+){0,3})",
        level="restricted",
        example="AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/eu/s3/aws4_request, Signature=fe5f80",
        near_miss="algorithm AWS4-HMAC-SHA256 chosen",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html",
    ),
    Detector(
        kind="credential",
        name="smtp_auth",
        group="credential",
        pattern=r"(?<![A-Za-z])AUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5)[ :](?P<value>[A-Za-z0-9+/]{8,}={0,2})",
        validate=validators.random_looking,
        level="restricted",
        example="C: AUTH PLAIN AHpvZQBodW50ZXIy",
        near_miss="250-AUTH PLAIN LOGIN",
        source="RFC 4954, RFC 4616",
    ),
    Detector(
        kind="credential",
        name="login_command",
        group="credential",
        pattern=(
            r"(?<![A-Za-z])(?:[A-Za-z]{0,3}[0-9]{1,5} LOGIN \"?[^\s\"]{1,64}\"?|AUTH(?: [\w-]{1,32})?) "
            r"\"?(?P<value>[^\s\"]{4,})"
        ),
        gate=r"(?:[0-9] LOGIN \S|AUTH \S)",
        validate=validators.secret_looking,
        level="restricted",
        example="a001 LOGIN zoe hunter2",
        near_miss="AUTH failed, AUTH required",
        source="RFC 9051, 6.2.3; https://redis.io/docs/latest/commands/auth/",
    ),
    Detector(
        kind="credential",
        name="user_option",
        group="credential",
        pattern=r"(?<![^\s\"'])(?:-u|--user|--proxy-user|-U)[= ][\"']?[^\s:\"']{1,64}:(?P<value>[^\s\"']+)",
        gate=r"(?:-u|--user|--proxy-user|-U)[= ][\"']?[^\s:\"']{1,64}:",
        validate=validators.keyed_value,
        level="restricted",
        example="curl -u zoe:hunter2 https://example.org",
        near_miss="docker run -u 1000 image:latest",
        source="https://curl.se/docs/manpage.html#-u",
    ),
    Detector(
        kind="password",
        name="password_option",
        group="credential",
        pattern=(
            rf"(?<![\w-])(?:(?:mysql|mysqldump|mysqladmin|mariadb)[\t ](?:{_COMMAND})?-p|(?:sshpass|7z|unzip)[\t ](?:{_COMMAND})?-[pP][ ]?"
            rf"|docker[\t ]{{1,4}}login[\t ](?:{_COMMAND})?-p[ ]|redis-cli[\t ](?:{_COMMAND})?-a[ ]"
            rf"|ldap(?:search|modify|add|whoami)[\t ](?:{_COMMAND})?-w[ ]|openssl[\t ]{_COMMAND}-pass(?:in|out)?[ ]pass:"
            rf"|(?:useradd|usermod|mongosh?|mongodump|mongorestore)[\t ](?:{_COMMAND})?(?:-p|--password)[ =]"
            r"|rabbitmqctl[\t ](?:add_user|change_password)[\t ][^\s]{1,64}[\t ]"
            rf"|smbclient[\t ]{_COMMAND}-U[ ]?[^\s%]{{1,64}}%|htpasswd[\t ]-[A-Za-z]{{0,4}}b[A-Za-z]{{0,4}}[\t ][^\s]{{1,128}}[\t ][^\s]{{1,64}}[\t ]"
            rf"|vault[\t ]login[\t ](?:-[\w-]{{1,20}}(?:=[^\s]{{0,64}})?[\t ]){{0,3}}(?:token=)?|twine[\t ]{_COMMAND}-p[ ]"
            r"|ConvertTo-SecureString[\t ]|requirepass[\t ]|masterauth[\t ]"
            rf"|net[\t ]use[\t ]{_COMMAND}/user:[^\s]{{1,64}}[ ]|cmdkey[\t ]{_COMMAND}/pass:|schtasks[\t ]{_COMMAND}/rp[ ])"
            r"[\"']?(?P<value>[^\s\"'-][^\s\"']*)"
        ),
        gate=r"(?:mysql|mariadb|sshpass|7z|unzip|docker|redis-cli|ldap|openssl|net[\t ]use|cmdkey|schtasks"
        r"|useradd|usermod|mongo|smbclient|htpasswd|twine)[^\n|;&]*[\t ][-/]|vault[\t ]login|rabbitmqctl|ConvertTo-SecureString|requirepass|masterauth",
        validate=validators.keyed_value,
        level="restricted",
        example="mysql -h db -u root -phunter2 shop",
        near_miss="mysql -h db -u root -p shop; docker run -p 8080:80 image",
        source="manual pages of the commands",
    ),
    Detector(
        kind="password",
        name="auth_pair",
        group="credential",
        pattern=r"auth=[(\[][\"'][^\"'\r\n]{1,64}[\"'],\s?[\"'](?P<value>[^\"'\r\n]{1,128})[\"']",
        level="restricted",
        example="requests.get(url, auth=('zoe', 'hunter2'))",
        near_miss="requests.get(url, auth=(user, password))",
        source="https://requests.readthedocs.io/en/latest/user/authentication/",
    ),
    Detector(
        kind="password",
        name="credential_object",
        group="credential",
        pattern=(
            r"(?:NetworkCredential|UsernamePasswordCredentials?|PasswordAuthentication|HTTPBasicAuth|BasicAuth)\("
            r"[\"'][^\"'\r\n]{1,128}[\"'],\s{0,2}[\"'](?P<value>[^\"'\r\n]{1,128})[\"']"
        ),
        level="restricted",
        example='new NetworkCredential("zoe", "hunter2")',
        near_miss="new NetworkCredential(user, password)",
        source=".NET, Apache HttpClient, java.net, requests: constructors of credentials",
    ),
    Detector(
        kind="password",
        name="piped_password",
        group="credential",
        pattern=r"echo[ ][\"']?(?P<value>[^\s\"'|]+)[\"']?[ ]?\|[ ]?sudo[ ](?:-[A-Za-z]{1,8}[ ]){0,3}-S",
        level="restricted",
        example="echo hunter2 | sudo -S ls",
        near_miss="echo done | sudo tee /etc/motd",
        source="sudo(8)",
    ),
    Detector(
        kind="password",
        name="sql_password",
        group="credential",
        pattern=(
            r"(?i)(?:identified[ ](?:with[ ][^\s]{1,64}[ ])?(?:by|as)[ ](?:password[ ])?|(?:set[ ]|encrypted[ ]|with[ ])password"
            r"(?:[ ]for[ ][^\s=]{1,128})?[ ]?=?[ ]?(?:password\()?)[\"'](?P<value>[^\"'\r\n]{1,128})"
        ),
        gate=r"(?i:identified[ ](?:with|by|as)[ ]|(?:set|encrypted|with)[ ]password)",
        validate=validators.keyed_value,
        level="restricted",
        example="CREATE USER 'zoe' IDENTIFIED BY 'hunter2'",
        near_miss="identified by the user, set password policy",
        source="CREATE USER and ALTER ROLE in the manuals of MySQL, Oracle, PostgreSQL",
    ),
    Detector(
        kind="password",
        name="netrc",
        group="credential",
        pattern=r"machine\s{1,4}[^\s]{1,255}\s{1,8}login\s{1,4}[^\s]{1,255}\s{1,8}password\s{1,4}(?P<value>[^\s]+)",
        gate=r"machine\s{1,4}[^\s]+\s{1,8}login\s",
        validate=validators.secret_looking,
        level="restricted",
        example="machine api.example.org login zoe password hunter2",
        near_miss="machine learning login page password reset",
        source="https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
    ),
    Detector(
        kind="password",
        name="pgpass",
        group="credential",
        pattern=r"(?<![\w.])[\w.*-]{1,255}:(?:5432|5433|6432):[\w*-]{1,64}:[\w*-]{1,64}:(?P<value>[^\s:]{3,})",
        gate=r":(?:5432|5433|6432):[^\s:]+:[^\s:]+:",
        level="restricted",
        example="wrote .pgpass db.example.org:5432:shop:zoe:hunter2",
        near_miss="db.example.org:5432:shop",
        source="https://www.postgresql.org/docs/current/libpq-pgpass.html",
    ),
    Detector(
        kind="password",
        name="oracle_connect",
        group="credential",
        pattern=r"(?:jdbc:oracle:[a-z]{3,8}:|sqlplus[ ](?:-[A-Za-z]{1,8}[ ]){0,3})[^\s/@:]{1,64}/(?P<value>[^\s/\"']{1,128})@(?=[\w/(])",
        level="restricted",
        example="jdbc:oracle:thin:scott/tiger7@//db:1521/orders",
        near_miss="jdbc:oracle:thin:@//db:1521/orders",
        source="https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/",
    ),
    Detector(
        kind="password",
        name="wifi_code",
        group="credential",
        pattern=r"WIFI:(?:[A-OQ-Z]:[^;\r\n]{0,64};){0,4}P:(?P<value>(?:\\.|[^;\\\r\n]){1,128});",
        level="restricted",
        example="WIFI:T:WPA;S:guest;P:hunter22;;",
        near_miss="WIFI:T:nopass;S:guest;;",
        source="https://github.com/zxing/zxing/wiki/Barcode-Contents",
    ),
    Detector(
        kind="password",
        name="password_hash",
        group="credential",
        pattern=rf"(?:\$(?:{_HASHES})\$|(?:pbkdf2_sha(?:1|256|512)|bcrypt(?:_sha256)?|argon2|scrypt)\$|(?:pbkdf2|scrypt):[\w:]{1, 40}\$|\{{S?SHA(?:256|512)?\}})"
        r"[./A-Za-z0-9$=,+_-]{20,}",
        gate=rf"(?:\$(?:{_HASHES})\$|(?:pbkdf2_sha(?:1|256|512)|bcrypt(?:_sha256)?|argon2|scrypt)\$|(?:pbkdf2|scrypt):[\w:]{1, 40}\$|\{{S?SHA(?:256|512)?\}})"
        r"[./A-Za-z0-9$=,+_-]{8}",
        validate=validators.random_looking,
        level="restricted",
        example="stored $2b$12$FakeSaltFakeSaltFake0uExampleHashExampleHash123456",
        near_miss="cost $1$ and $2 $5.00 $6$ each",
        source="crypt(5); PHC string format; Django, Werkzeug password storage; RFC 2307",
    ),
    Detector(
        kind="url_userinfo",
        group="credential",
        pattern=USERINFO,
        gate=r"://[^\s]*@",
        validate=validators.url_user,
        level="restricted",
        example="connect postgresql://shop:hunter2@db:5432/orders",
        near_miss="ssh://git@github.com/org/repo http://localhost:8080/@scope/pkg",
        source="RFC 3986, 3.2.1",
    ),
    Detector(
        kind="token",
        name="url_code",
        group="credential",
        pattern=r"[?&#](?:code|magic|ticket|sig|signature|Signature|Policy|state_token|assertion)=(?P<value>[A-Za-z0-9._~%/+=-]{10,})",
        validate=validators.random_looking,
        level="restricted",
        example="GET /callback?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz",
        near_miss="GET /x?code=E1001&ticket=OPS-42",
        source="RFC 6749, 4.1.2; signed URLs of cloud vendors",
    ),
    Detector(
        kind="api_key",
        name="url_key",
        group="credential",
        pattern=r"[?&](?:key|hapikey|appid|apikey)=(?P<value>[A-Za-z0-9_-]{16,})",
        validate=validators.random_looking,
        level="restricted",
        example="GET /maps?key=Fake0Example1Token2Key3",
        near_miss="GET /cache?key=orders",
        source="API references that take keys in the query",
    ),
    Detector(
        kind="token",
        name="reset_link",
        group="credential",
        pattern=r"/(?:reset|confirm|verify|activate|unlock|invite|magic)(?:[-_]?(?:password|email|account|link))?/(?P<value>[\w-]{1,16}/[a-z0-9]{6}-[0-9a-f]{32}|[A-Za-z0-9_.~-]{24,})",
        validate=validators.random_looking,
        level="restricted",
        example="GET /reset/MQ/c1abcd-0123456789abcdef0123456789abcdef/",
        near_miss="GET /reset/password/confirm-your-address-please",
        source="Django password reset; magic links of identity providers",
    ),
    Detector(
        kind="webhook",
        group="secret",
        pattern=(
            r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|\.webhook\.office\.com/webhookb2/"
            r"|(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/|hooks\.zapier\.com/hooks/catch/|api\.telegram\.org/(?:file/)?bot[0-9]{1,12}:|hook\.[a-z0-9]{2,5}\.make\.com/"
            r"|hc-ping\.com/|maker\.ifttt\.com/trigger/[\w-]{1,64}/(?:json/)?with/key/|\.collection\.sumologic\.com/receiver/v1/http/"
            r"|calendar\.google\.com/calendar/ical/[^/\s]{1,128}/private-|\.infura\.io/(?:ws/)?v3/|\.g\.alchemy\.com/v2/|\.quiknode\.pro/)"
            r"(?P<value>[A-Za-z0-9_@/-]{8,})"
        ),
        level="restricted",
        example="POST https://hooks.slack.com/services/T0FAKE000/B0FAKE000/FakeExampleFakeExample12",
        near_miss="see https://hooks.slack.com/ and https://discord.com/api/v10/users",
        source="vendors' documentation of incoming webhooks",
    ),
    Detector(
        kind="private_key",
        group="secret",
        pattern=(
            rf"(?s)-----BEGIN (?P<label>{_PEM})-----(?:(?:(?!-----).)*-----END (?P=label)-----|(?:[\s>|\"'+]|\\+[rnt]|[A-Za-z0-9+/=:,_-](?!---END))*)"
        ),
        gate=rf"-----BEGIN (?:{_PEM})",
        level="restricted",
        example="-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        near_miss="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        source="RFC 7468; OpenSSH PROTOCOL.key",
    ),
    Detector(
        kind="private_key",
        name="ssh_dot_com_key",
        group="secret",
        pattern=r"(?s)---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----(?:(?!----).)*(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----)?",
        level="restricted",
        example="---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        near_miss="---- BEGIN SSH2 PUBLIC KEY ----",
        source="RFC 4716; SSH Communications Security",
    ),
    Detector(
        kind="private_key",
        name="putty_key",
        group="secret",
        pattern=r"(?s)PuTTY-User-Key-File-[23]:(?:(?!Private-MAC:).)*(?:Private-MAC:\s{0,4}[0-9a-f]{0,128})?",
        level="restricted",
        example="PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00ff",
        near_miss="PuTTY-User-Key-File is not supported",
        source="https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html",
    ),
    Detector(
        kind="private_key",
        name="jwk_member",
        group="secret",
        pattern=r"\"(?:d|p|q|dp|dq|qi|k)\"\s{0,4}:\s{0,4}\"(?P<value>[A-Za-z0-9_-]{16,})\"",
        spans=_jwk_spans,
        level="restricted",
        example='{"kty":"oct","k":"Fake0Example1Token2Key3"}',
        near_miss='{"d":"Fake0Example1Token2Key3"}',
        source="RFC 7518, 6",
    ),
    Detector(
        kind="otp",
        name="code_in_text",
        group="credential",
        pattern=(
            r"(?i)(?<![a-z])(?:otp|your (?:new )?(?:code|pin)|(?:one[- ]time|verification|security|confirmation|access|login|sign-?in|reset|recovery|activation|"
            r"authentication|auth|2fa|mfa|sms|bestätigungs|einmal)[- ]?(?:code|passcode|password|pin)|passcode|"
            r"c[oó]digo de (?:verificaci[oó]n|seguridad|acceso)|code de (?:v[eé]rification|s[eé]curit[eé])|codice di verifica|"
            r"kode (?:otp|verifikasi)|код подтверждения|验证码|認証コード|인증번호)"
            r"(?: (?:for|to|for user|für|para|pour) [^\s:=]{1,60})?(?: is| was| ist| es| est| ?:| ?=| -|,| ?#|：){0,2} ?[\"'(]?"
            r"(?P<value>[A-Z]-[0-9]{4,8}|[0-9]{3}[- ][0-9]{3}|[0-9]{4,8})(?![0-9]|[.:,-]?[0-9]| ?(?:ms|s|sec|bytes|times)\b)"
        ),
        level="restricted",
        example="Your verification code is 482913.",
        near_miss="verification code sent in 1200 ms, security code 0x1234",
        source="one-time codes of four to eight digits, RFC 4226, 5.3",
    ),
    Detector(
        kind="otp",
        name="code_before_text",
        group="credential",
        pattern=(
            r"(?<![0-9A-Za-z.:-])(?P<value>[A-Z]-[0-9]{4,8}|[0-9]{3}[- ][0-9]{3}|[0-9]{4,8}) "
            r"(?:is|ist|es|est|as) (?:your|the|Ihr|dein|tu|su|votre)[ ][\w -]{0,40}?(?i:code|otp|pin|passcode|password|código)"
        ),
        gate=r"[0-9] (?:is|ist|es|est|as) (?:your|the|Ihr|dein|tu|su|votre)[ ]",
        level="restricted",
        example="482913 is your Example login code",
        near_miss="4711 is the port of your service",
        source="https://wicg.github.io/sms-one-time-codes/",
    ),
)
