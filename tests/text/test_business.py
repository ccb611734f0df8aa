"""Business secrets: hosts, companies, their numbers, customer numbers, names of accounts."""

import pytest

from triage.records import Answer, Case, Context, Draft, Thread
from triage.redaction import Redaction, read_redaction
from triage.text.candidates import PRIVATE, SECRETS, SENSITIVE_TYPES, is_secret
from triage.text.question import prepare, prepare_case, prepare_thread
from triage.text.redact import redact

OWN = Redaction(
    customer_numbers=("K-#####", "@@##-####", "########"),
    internal_domains=frozenset({"nordhavn.example"}),
    public_domains=frozenset({"intranet.gov.example"}),
    known_names=frozenset({"Solvik Fjordfisk AS", "Hansa"}),
)

SENSITIVE = [
    ("see http://srv-app01:8080/x?id=7 please", "see [HOST] please"),
    ("https://erp.acme.local/login, then", "[HOST], then"),
    ("https://intranet.acme.se/wiki", "[HOST]"),
    ("http://10.20.3.4/", "[HOST]"),
    ("10.20.3.4:1433 times out", "[HOST] times out"),
    ("IP: 81.229.14.3", "IP: [HOST]"),
    ("fd12:3456:789a::1 answers", "[HOST] answers"),
    ("\\\\fil01\\delad\\ekonomi är borta", "[HOST] är borta"),
    ("databasservern sql-prod-02 svarar inte", "databasservern [HOST] svarar inte"),
    ("Data Source=NOOSL-SQL01\\PROD;", "Data Source=[HOST];"),
    ("DESKTOP-7F3K2LM", "[HOST]"),
    ("app.nordhavn.example", "[HOST]"),
    ("http://srv-app01/x?api_key=0a1b2c3d4e5f60718293", "[HOST][KEY]"),
    ("Vi på Bäckström Bygg AB får fel", "Vi på [COMPANY] får fel"),
    ("Unser Kunde Brückner Logistik GmbH & Co. KG klagt", "Unser Kunde [COMPANY] klagt"),
    ("Asiakas Mäkelän Konepaja Oy soitti", "Asiakas [COMPANY] soitti"),
    ("Whitmore Foods Ltd.", "[COMPANY]"),
    ("Hos Solvik Fjordfisk er det feil", "Hos [ACCOUNT] er det feil"),
    ("SOLVIK FJORDFISKS konto", "[ACCOUNT] konto"),
    ("bei Hansa stimmt es nicht", "bei [ACCOUNT] stimmt es nicht"),
    ("org.nr 556016-0680", "org.nr [ORGANISATION_NUMBER]"),
    ("organisasjonsnummer 974 760 673", "organisasjonsnummer [ORGANISATION_NUMBER]"),
    ("NO 974 760 673 MVA", "[ORGANISATION_NUMBER]"),
    ("CVR-nr. 13 58 56 28", "CVR-nr. [ORGANISATION_NUMBER]"),
    ("Y-tunnus 2077474-0", "Y-tunnus [ORGANISATION_NUMBER]"),
    ("USt-IdNr. DE136695976", "USt-IdNr. [ORGANISATION_NUMBER]"),
    ("HRB 12345", "[ORGANISATION_NUMBER]"),
    ("kund K-12345 och NO12-3456", "kund [CUSTOMER_NUMBER] och [CUSTOMER_NUMBER]"),
    ("kundnr 12345678", "kundnr [CUSTOMER_NUMBER]"),
    ("Storgatan 12 B, 114 55 Stockholm", "[ADDRESS]"),
    ("Vesterbrogade 3, 2. tv, 1620 København V", "[ADDRESS]"),
    ("Postboks 123 Sentrum, 0102 Oslo", "[ADDRESS]"),
    ("product key: VK7JG-NPHTM-C97JM-9MPGT-3V66T", "product key: [LICENCE]"),
    ("Lizenzschlüssel AB12-CD34-EF56-GH78", "Lizenzschlüssel [LICENCE]"),
]

HARMLESS = [
    "https://learn.microsoft.com/en-us/windows and https://docs.python.org/3/",
    "http://localhost:8080/api, http://127.0.0.1, https://example.com/x",
    "https://intranet.gov.example/rules",
    "postgres://db:5432/orders and http://your-server/path",
    "version 10.1.2.3, Chrome/10.0.0.1, pip install x==10.2.3.4",
    "threading.local() and settings.local and import com.sun.internal.Foo",
    "C:\\Program Files\\Vendor\\bin and C:\\\\Users\\\\x",
    "SELECT a.Name AS N FROM Customer AS C",
    "Export AS PDF, Bilaga AB, type AB, the AG group",
    "Microsoft Corporation and Oracle Inc.",
    "Hansaplast is no account, nor is hansa in small letters",
    "order 12345678 and K-123456 and XK-12345",
    "Arbeitsplatz 3 und Speicherplatz 20 GB",
    "license: MIT, serial number SN-2024-001234",
    "order 20240115-0012",
]


@pytest.mark.parametrize(("raw", "safe"), SENSITIVE)
def test_business_secrets_are_replaced(raw: str, safe: str) -> None:
    assert redact(raw, OWN).text == safe


@pytest.mark.parametrize("text", HARMLESS)
def test_public_names_and_numbers_stay(text: str) -> None:
    assert redact(text, OWN).text == text


def test_without_being_told_nothing_of_the_installations_own_is_found() -> None:
    text = "kund K-12345 hos Solvik Fjordfisk på app.nordhavn.example"
    assert redact(text).found == ()


def test_every_type_is_of_one_class() -> None:
    assert set(SECRETS) | set(PRIVATE) == set(SENSITIVE_TYPES)
    assert not set(SECRETS) & set(PRIVATE)
    assert is_secret("password")
    assert not is_secret("host")


def test_a_secret_within_what_an_expert_may_see_stays_a_secret() -> None:
    found = redact("http://srv-app01/x?api_key=0a1b2c3d4e5f60718293", OWN).found
    assert [f.type for f in found] == ["host", "key"]


def test_a_thread_keeps_the_hosts_and_companies_that_are_published_in_it() -> None:
    body = "Nordlys Fisk AS: http://srv-app01/ says no, password: hunter22, a@b.se"
    thread = prepare_thread(Thread("t", "Server srv-sql01", body, (Answer("a", body),), lang="en"))
    safe = "Nordlys Fisk AS: http://srv-app01/ says no, password: [PASSWORD], [EMAIL]"
    assert (thread.title, thread.body, thread.answers[0].body) == ("Server srv-sql01", safe, safe)


def test_a_draft_and_a_case_do_not() -> None:
    body = "Solvik Fjordfisk cannot open http://srv-app01/"
    question = prepare(Draft("Help", body, lang="en"), OWN)
    assert question.body == "[ACCOUNT] cannot open [HOST]"
    assert [f.type for f in question.sensitive] == ["account", "host"]
    assert prepare_case(Case("c", "Help", body, lang="en"), OWN).body == question.body


def test_a_version_is_no_machine_and_a_page_keeps_no_host() -> None:
    page = Context(page="http://srv-app01:8080/invoices")
    question = prepare(Draft("Help", "It stopped", version="10.0.0.12", context=page), OWN)
    assert question.version == "10.0.0.12"
    assert question.context.page == "[HOST]"


def test_settings_are_read_into_a_redaction() -> None:
    own = read_redaction("K-#####, @@##-####", "Corp.Example.com.", "")
    assert own.customer_numbers == ("K-#####", "@@##-####")
    assert own.internal_domains == {"corp.example.com"}
    assert own.public_domains == frozenset()


@pytest.mark.parametrize("bad", ["K-#", "K-(a+)+", "ABC", "@@@@", "#" * 41, "K.*###\n"])
def test_what_is_no_template_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="is no template"):
        read_redaction(bad, "", "")


def test_what_is_no_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="is no domain"):
        read_redaction("", "https://corp.example.com", "")
