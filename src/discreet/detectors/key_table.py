"""Telling keys by kind, as data: words of a key joined by `_`, matched by whole segments.

`*_x` in front of a phrase means a word about a person must stand before it (see `PERSONS`), `=x` means the phrase
is the whole key. Sources: OWASP logging cheat sheet, HIPAA safe harbour 45 CFR 164.514(b)(2), PCI DSS 3.3,
parameter and header names of the public API references.
"""

from __future__ import annotations

from typing import Final

LEVEL_OF_KEYS: Final = {
    "password": "restricted",
    "secret": "restricted",
    "token": "restricted",
    "api_key": "restricted",
    "private_key": "restricted",
    "authorization": "restricted",
    "cookie": "restricted",
    "session": "restricted",
    "credential": "restricted",
    "otp": "restricted",
    "pin": "restricted",
    "cvv": "restricted",
    "ssn": "restricted",
    "card": "restricted",
    "iban": "restricted",
    "bank_account": "restricted",
    "national_id": "restricted",
    "health": "restricted",
    "email": "confidential",
    "phone": "confidential",
    "birth_date": "confidential",
    "name": "confidential",
    "address": "confidential",
}

PHRASES: Final = {
    "password": """
        password passwd passwort passphrase passcode pwd passw userpassword dbpassword password_hash pw_hash
        =pass =pw =psw db_pass user_pass admin_pass root_pass smtp_pass mail_pass mysql_pass pg_pass
        redis_pass ftp_pass
        proxy_pass login_pass ssh_pass email_pass my_pass rabbitmq_pass default_pass api_pass auth_pass
        old_pass new_pass
        user_pw db_pw admin_pw root_pw login_pw pgpassword pgpass kennwort mot_de_passe =mdp contraseña
        contrasena
        =senha wachtwoord hasło haslo lösenord losenord
        şifre =sifre пароль 密码 パスワード 비밀번호 kata_sandi
        security_answer secret_answer
    """,
    "secret": """
        secret clientsecret secretkey secret_key secret_key_base client_secret app_secret shared_secret
        signing_secret
        webhook_secret consumer_secret secret_access_key aws_secret_access_key pepper jwt_secret hmac_secret
        seed_phrase mnemonic recovery_phrase geheimnis clave_secreta cle_secrete chave_secreta 密钥
    """,
    "token": """
        token jwt accesstoken refreshtoken authtoken idtoken apitoken csrftoken xsrftoken sessiontoken
        bearertoken
        access_tokens refresh_tokens api_tokens auth_tokens id_tokens session_tokens bearer_tokens device_tokens
        personal_access_token =pat =bearer =sas =sig sas_token xcsrftoken zugriffstoken jeton_acces
        x_amz_signature x_amz_credential x_goog_signature x_goog_credential
        auth_code authorization_code oauth_code oauth_verifier code_verifier magic_link reset_link
        samlresponse saml_response saml_assertion client_assertion
    """,
    "api_key": """
        api_key apikey xapikey app_key access_key accesskey account_key storage_key storage_account_key
        subscription_key
        shared_access_key service_key functions_key license_key licence_key master_key aws_access_key_id
        access_key_id
        auth_key authkey webhook_key admin_key integration_key instrumentation_key ingestion_key
        api_schluessel cle_api clave_api chave_api
    """,
    "private_key": """
        private_key privatekey signing_key encryption_key decryption_key hmac_key ssh_key deploy_key rsa_key
        aes_key
        tls_key ssl_key pgp_key gpg_key wrapping_key session_key crypto_key cipher_key fernet_key jwt_key
    """,
    "authorization": "authorization authorisation =auth basic_auth http_auth proxy_auth x_auth",
    "cookie": "cookie setcookie set_cookie",
    "session": """
        session_id sessionid jsessionid phpsessid sessid session_secret session_cookie connect_sid =sid
        asp_net_sessionid
    """,
    "credential": "credential creds login_data userinfo user_info_credential kubeconfig netrc zugangsdaten",
    "otp": """
        otp totp hotp otp_code totp_code mfa_code twofa_code two_factor_code tfa_code verification_code
        recovery_code
        backup_code one_time_code onetimecode sms_code activation_code security_token_code
    """,
    "pin": "=pin pin_code pincode card_pin atm_pin user_pin customer_pin login_pin security_pin pin_block account_pin",
    "cvv": "cvv cvc cvn cvv_code cvc_code card_verification card_security_code security_code card_verification_value",
    "ssn": """
        ssn social_security socialsecurity social_security_number socialsecuritynumber soc_sec
        social_insurance_number
        =sin national_insurance_number ni_number nino
    """,
    "card": """
        card_number cardnumber cardno cardnum card_num card_no credit_card creditcard creditcardnumber
        cc_number ccnumber
        ccnum cc_num cc_no debit_card debitcard payment_card primary_account_number =pan card_pan
        account_pan pan_number
        kartennummer kreditkarte numero_carte numero_tarjeta numero_cartao card_track track_data
    """,
    "iban": "iban bban",
    "bank_account": """
        bank_account bankaccount bank_account_number account_number accountnumber acct_number account_no
        acct_no acct_num
        routing_number aba_routing sort_code clabe kontonummer ach_account
    """,
    "national_id": """
        national_id nationalid national_identity_number national_identification_number identity_number
        citizen_id tax_id
        taxid tax_number taxpayer_id taxpayer_number itin =tin passport passport_number passportnumber
        passport_no
        driver_license drivers_license driver_licence driving_licence driving_license licence_number
        voter_id vat_id
        steuer_id steuernummer personalausweis codice_fiscale =cpf =dni =nif =nie =bsn personnummer pesel
        curp aadhaar
        aadhar identity_document id_card military_id
    """,
    "health": """
        mrn medical_record medical_record_number patient_id patientid health_record_id health_insurance_number
        insurance_member_id beneficiary_id medicare_id medicaid_id nhs_number diagnosis diagnoses
        medical_condition
        medication prescription blood_type allergies
    """,
    "email": """
        email e_mail emailaddress email_address mail_address emailaddr email_addr mailaddress *_mail email_id
        correo_electronico courriel e_post
    """,
    "phone": """
        phone telephone phonenumber phone_number phone_no telephone_number tel_number mobile_number mobilenumber
        mobile_phone mobilephone mobile_no cell_phone cellphone cell_number home_phone work_phone msisdn fax
        fax_number
        =tel telefon telefono telefone telefonnummer *_mobile *_tel *_cell whatsapp_number contact_number
    """,
    "birth_date": """
        birth_date birthdate birthday date_of_birth dateofbirth dob birth_day geburtsdatum date_naissance
        fecha_nacimiento data_nascimento *_birth
    """,
    "name": """
        first_name firstname last_name lastname given_name givenname family_name familyname surname middle_name
        middlename full_name fullname legal_name maiden_name birth_name real_name fname lname forename nickname
        mothers_maiden_name cardholder cardholdername card_holder name_on_card preferred_name patronymic
        middle_initial vorname nachname prenom apellido *_name *_display_name
    """,
    "address": """
        street_address streetaddress home_address homeaddress postal_address mailing_address shipping_address
        billing_address delivery_address residential_address address_line addressline street_name street_line
        *_address *_street *_city *_zip *_postcode
        postal_code postalcode zip_code zipcode postcode anschrift
    """,
}

PERSONS: Final = frozenset(
    [
        "user",
        "customer",
        "patient",
        "person",
        "people",
        "employee",
        "member",
        "contact",
        "passenger",
        "guest",
        "subscriber",
        "student",
        "teacher",
        "doctor",
        "physician",
        "nurse",
        "driver",
        "buyer",
        "seller",
        "beneficiary",
        "applicant",
        "candidate",
        "insured",
        "spouse",
        "cardholder",
        "holder",
        "recipient",
        "resident",
        "individual",
        "citizen",
        "donor",
        "staff",
        "worker",
        "manager",
        "supervisor",
        "victim",
        "suspect",
        "shopper",
        "enduser",
        "kunde",
        "cliente",
        "client_contact",
        "payee",
        "payer",
        "payor",
        "borrower",
        "lender",
        "policyholder",
        "profile",
        "billing",
        "shipping",
        "caller",
        "visitor",
        "human",
        "owner",
        "account_holder",
        "next_of_kin",
        "emergency_contact",
    ]
)

# May stand between the person and the word: `user.profile.name`, `customer_billing_address`.
BRIDGES: Final = frozenset(
    [
        "profile",
        "info",
        "details",
        "data",
        "record",
        "billing",
        "shipping",
        "home",
        "work",
        "primary",
        "contact",
        "current",
    ]
)

# May follow the telling word without taking its sense away.
NEUTRAL: Final = frozenset(
    [
        "value",
        "values",
        "val",
        "text",
        "raw",
        "number",
        "no",
        "num",
        "hash",
        "hashed",
        "digest",
        "old",
        "new",
        "primary",
        "secondary",
        "home",
        "work",
        "current",
        "previous",
        "confirm",
        "confirmation",
        "confirmed",
        "repeat",
        "again",
        "plain",
        "plaintext",
        "clear",
        "cleartext",
        "encrypted",
        "masked",
        "string",
        "str",
        "b64",
        "base64",
        "hex",
        "utf8",
        "input",
        "field",
        "param",
        "parameter",
        "header",
        "data",
        "bytes",
        "content",
        "body",
        "original",
        "again",
    ]
)

# A telling last word that these words before it make harmless.
HARMLESS_BEFORE: Final = {
    "token": frozenset(
        [
            "next",
            "page",
            "continuation",
            "continue",
            "sync",
            "cancellation",
            "cancel",
            "stop",
            "resume",
            "pad",
            "eos",
            "bos",
            "mask",
            "unk",
            "cls",
            "sep",
            "max",
            "min",
            "output",
            "input",
            "prompt",
            "completion",
            "per",
            "first",
            "last",
            "time",
            "special",
            "cursor",
            "public",
            "reasoning",
            "cached",
            "total",
            "start",
            "end",
            "skip",
            "invalid",
            "unexpected",
            "syntax",
            "lexer",
            "parser",
        ]
    ),
    "password": frozenset(["no", "without", "forgot", "forgotten", "change"]),
    "key": frozenset(["public", "primary", "foreign", "cache", "idempotency", "partition"]),
    "name": frozenset(
        [
            "host",
            "file",
            "metric",
            "service",
            "span",
            "event",
            "scope",
            "logger",
            "thread",
            "process",
            "container",
            "pod",
            "node",
            "cluster",
            "table",
            "column",
            "field",
            "db",
        ]
    ),
    "phone": frozenset(["code"]),
}

# Keys that look telling and are not, by convention: whole keys, lower case.
KEEP: Final = frozenset({"session.id", "session.previous_id", "user_agent.name", "country_code_phone"})
