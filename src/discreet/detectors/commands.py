"""Passwords on command lines, in source code and in SQL: options, constructors, statements, files."""

from __future__ import annotations

from typing import Final

from discreet.detectors import validators
from discreet.detectors.model import Detector

_HASHES = r"1|2[abxy]?|5|6|7|y|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha(?:1|256|512))?|apr1|P|H"
_PREFIXES = r"pbkdf2_sha(?:1|256|512)|bcrypt(?:_sha256)?|argon2|scrypt"
_CRYPT = rf"\$(?:{_HASHES})\$|(?:{_PREFIXES})\$|(?:pbkdf2|scrypt):[A-Za-z0-9_:]{{1,40}}\$|\{{S?SHA(?:256|512)?\}}"
_ANY = r"[^\n|;&]{0,200}?[\t ]"
# A command up to where its password begins, by its manual page.
_OPTIONS = (
    rf"(?:mysql|mysqldump|mysqladmin|mariadb)[\t ](?:{_ANY})?-p",
    rf"(?:sshpass|7z|unzip)[\t ](?:{_ANY})?-[pP][ ]?",
    rf"docker[\t ]{{1,4}}login[\t ](?:{_ANY})?-p[ ]",
    rf"redis-cli[\t ](?:{_ANY})?-a[ ]",
    rf"ldap(?:search|modify|add|whoami)[\t ](?:{_ANY})?-w[ ]",
    rf"openssl[\t ]{_ANY}-[kK][ ]",
    rf"openssl[\t ]{_ANY}-pass(?:in|out)?[ ]pass:",
    rf"(?:useradd|usermod|mongosh?|mongodump|mongorestore)[\t ](?:{_ANY})?(?:-p|--password)[ =]",
    r"rabbitmqctl[\t ](?:add_user|change_password)[\t ][^\s]{1,64}[\t ]",
    rf"smbclient[\t ]{_ANY}-U[ ]?[\"']?[^\s%]{{1,64}}%",
    r"htpasswd[\t ]-[A-Za-z]{0,4}b[A-Za-z]{0,4}[\t ][^\s]{1,128}[\t ][^\s]{1,64}[\t ]",
    r"vault[\t ]login[\t ](?:-[\w-]{1,20}(?:=[^\s]{0,64})?[\t ]){0,3}(?:token=)?",
    rf"twine[\t ]{_ANY}-p[ ]",
    r"ConvertTo-SecureString[\t ]",
    r"requirepass[\t ]",
    r"masterauth[\t ]",
    rf"net[\t ]use[\t ]{_ANY}/user:[^\s]{{1,64}}[ ]",
    rf"cmdkey[\t ]{_ANY}/pass:",
    rf"schtasks[\t ]{_ANY}/rp[ ]",
)
_OTHERS = r"vault[\t ]login|rabbitmqctl|ConvertTo-SecureString|requirepass|masterauth"
_TOOLS = (
    r"mysql|mariadb|sshpass|7z|unzip|docker|redis-cli|ldap|openssl|net[\t ]use|cmdkey|schtasks|useradd|usermod|mongo|"
    r"smbclient|htpasswd|twine"
)

DETECTORS: Final = (
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
        pattern=rf"(?<![\w-])(?:{'|'.join(_OPTIONS)})[\"']?(?P<value>[^\s\"'-][^\s\"']*)",
        gate=rf"(?:{_TOOLS})[^\n|;&]*[\t ][-/]|{_OTHERS}",
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
            r"(?i)(?:identified[ ](?:with[ ][^\s]{1,64}[ ])?(?:by|as)[ ](?:password[ ])?"
            r"|(?:set|encrypted|with)[ ]password"
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
        pattern=(
            r"machine[ \t\r\n]{1,4}[^\s]{1,255}[ \t\r\n]{1,8}login[ \t\r\n]{1,4}[^\s]{1,255}[ \t\r\n]{1,8}"
            r"password[ \t\r\n]{1,4}(?P<value>[^\s]+)"
        ),
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
        pattern=(
            r"(?:jdbc:oracle:[a-z]{3,8}:|sqlplus[ ](?:-[A-Za-z]{1,8}[ ]){0,3})[^\s/@:]{1,64}/"
            r"(?P<value>[^\s/\"']{1,128})@(?=[\w/(])"
        ),
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
        pattern=rf"(?:{_CRYPT})[./A-Za-z0-9$=,+_-]{{20,}}",
        gate=rf"(?:{_CRYPT})[./A-Za-z0-9$=,+_-]{{8}}",
        validate=validators.random_looking,
        level="restricted",
        example="stored $2b$12$FakeSaltFakeSaltFake0uExampleHashExampleHash123456",
        near_miss="cost $1$ and $2 $5.00 $6$ each",
        source="crypt(5); PHC string format; Django, Werkzeug password storage; RFC 2307",
    ),
)
