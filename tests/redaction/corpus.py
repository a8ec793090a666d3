"""Texts for the tests: canaries with the surroundings they must be found in, and clean lines that must stay."""

from __future__ import annotations

from pathlib import Path

CARD = "4111111111111111"
EMAIL = "zoe.canary@example.org"
SSN = "078-05-1120"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"
AWS = "AKIAIOSFODNN7EXAMPLE"
CANARIES = {"card": CARD, "email": EMAIL, "ssn": SSN, "jwt": JWT, "aws_access_key": AWS}

# `%s` is the canary.
SURROUNDINGS = r"""
%s
/users/%s
GET /users/%s/orders?page=2
GET /search?q=%s&page=2#top
https://example.org:8443/users/%s
x=%s;
x=%s&y=2
'%s'
["%s", 1]
{'a': '%s'}
{"a":{"b":"%s"}}
(%s,)
<%s>
[%s]
user_%s
%s_x
a_%s_b
id%s
key%sValue
vendor=%s
k:%s
k: %s
%s.
%s,
%s:
ValueError: bad value '%s'
File "/app/%s.py", line 3, in run
2026-11-24T10:00:00Z INFO app %s
1234 %s 5678
10.0.0.1 %s
version 1.2.3 %s
b'%s'
\n%s\n
\"%s\"
*%s*
|%s|
+%s
-%s-
@%s
%%20%s%%20
日本%s日本
mailto:%s
""".strip("\n").split("\n")

CLEAN = (Path(__file__).parent / "clean.txt").read_text(encoding="utf-8").split("\n")

# `hunter2` is the secret; nothing of it may be left.
SECRETS = r"""
password=hunter2
"password": "hunter2"
'password': 'hunter2'
password: hunter2
--password hunter2
--password=hunter2
['--password', 'hunter2', '--verbose']
pwd=hunter2;
PASSWORD=hunter2
db_password=hunter2
password => hunter2
password := hunter2
password == 'hunter2'
{"password":"hunter2","x":1}
{\"password\": \"hunter2\"}
{'user': {'password': 'hunter2'}}
Login(user='zoe', password='hunter2')
Login(user=zoe, password=hunter2)
password=SecretStr('hunter2')
password=b'hunter2'
password="correct hunter2"
password="a\"hunter2"
password="hunter2
password=a,hunter2
password=a;hunter2
password=a&hunter2
password=it's-hunter2
password=[hunter2]
passwords=['hunter2', 'hunter2']
data["password"] = "hunter2"
user[password]=hunter2
user%5Bpassword%5D=hunter2
password%3Dhunter2
%22password%22%3A%22hunter2%22
&quot;password&quot;: &quot;hunter2&quot;
{"name": "password", "value": "hunter2"}
('password', 'hunter2')
[(b'authorization', b'Bearer hunter2'), (b'x', b'y')]
<password>hunter2</password>
<Password type="string">hunter2</Password>
Authorization: Bearer hunter2
'Authorization': 'Bearer hunter2'
-H 'Authorization: Bearer hunter2'
Cookie: a=hunter2; b=hunter2
Set-Cookie: sid=hunter2; HttpOnly
cookie: sessionid=hunter2
?token=hunter2&x=1
access_token: hunter2
{"apiKey": "hunter2"}
x-api-key: hunter2
export API_KEY="hunter2"
SECRET_KEY=hunter2
postgres://user:hunter2@host:5432/db
postgres://user:hunter2/x@host:5432/db
mysql://root:hun@ter2hunter2@db/x
redis://:hunter2@host
https://hunter2@github.com/a
jdbc:mysql://h/db?user=a&password=hunter2
Server=db;User Id=sa;Password=hunter2;Encrypt=yes
host=db user=sa password=hunter2 dbname=x
curl -u user:hunter2 http://x
first_name=Hunter2
full_name: Zoe hunter2 Smith
PASSWORT: hunter2
""".strip("\n").split("\n")
# The same in full-width letters.
SECRETS.append("".join(chr(ord(letter) + 0xFEE0) for letter in "password") + "=hunter2")

OBFUSCATED = {
    "email": [
        "zoe%40example.org",
        "zoe%2540example.org",
        "zoe\uff20example.org",
        "\uff5a\uff4f\uff45\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff4f\uff52\uff47",
        "zoe&#64;example.org",
        "zoe&#x40;example.org",
        "zoe&commat;example.org",
        r"zoe\u0040example.org",
        r"zoe\x40example.org",
        "zo\u200be@exam\u200dple.org",
        "zo\u00ade@example.org",
    ],
    "card": [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111+1111+1111+1111",
        "4111_1111_1111_1111",
        "4111%201111%201111%201111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u20091111\u20091111\u20091111",
        "4111&nbsp;1111&nbsp;1111&nbsp;1111",
        "4\u200b111111111111111",
        "".join(chr(0xFF10 + int(digit)) for digit in CARD),
        "".join(chr(0x0660 + int(digit)) for digit in CARD),
        "3782 822463 10005",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    ],
    "ssn": [
        "078 05 1120",
        "078.05.1120",
        "078\u201305\u20131120",
        "078\u00a005\u00a01120",
        "078%2D05%2D1120",
        r"078\u002d05\u002d1120",
        "\uff10\uff17\uff18-\uff10\uff15-\uff11\uff11\uff12\uff10",
    ],
}
