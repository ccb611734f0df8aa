"""The words around names of companies in six languages.

In: nothing. Out: legal forms, the words a sentence begins with, names that everybody knows.
Not here: finding names (companies).
"""

import re

# Longer ones first: "GmbH & Co. KG" is one.
FORMS = (
    r"(?:GmbH & Co\.? ?(?:KG|OHG)(?:aA)?|AG & Co\.? ?KG|UG \(haftungsbeschränkt\)|g?GmbH|mbH|KGaA"
    r"|OHG"
    r"|e\.K\.|eG|AB \(publ\)|Aktiebolag(?:et)?|Handelsbolag|Oyj|Oy(?: A[Bb])?|Tmi|Osk|Ky|ApS|A/S"
    r"|I/S"
    r"|K/S|P/S|A\.m\.b\.a\.|ASA|ANS|Private Limited|Pty\.? Ltd\.?|Ltd\.?|Limited|Inc\.?|LLC"
    r"|L\.L\.C\."
    r"|LLP|PLC|plc|Corp\.?|Corporation|B\.V\.|BV|N\.V\.|S\.A\.|S\.A\.R\.L\.|SARL|SAS|S\.p\.A\."
    r"|S\.r\.l\.|Sp\. z o\.o\.|s\.r\.o\.|AS|AB|HB|KB|KG|AG)"
)
SQL = re.compile(
    r"\b(?:select\b.{0,400}\bfrom|cast\s*\(|convert\s*\(|with\s+\w+\s+as\s*\(|create\s+(?:view"
    r"|table)"
    r"|left\s+join|inner\s+join|insert\s+into|group\s+by)\b",
    re.IGNORECASE | re.DOTALL,
)
LEADING = frozenset(
    """
    we i our the a an at for from with by of in on and or but is are as if when this that these
    those customer customers client company supplier vendor partner reseller firm hello hi dear
    thanks vi jag vår vårt våra hos på i för från med av till och eller men är som om när den
    det denna dessa kund kunden kunderna kundens leverantör leverantören företag företaget bolag
    bolaget firma firman hej tack jeg vår vårt hos på i for fra med av til og eller er som om
    når den det denne disse kunde kunden kundens leverandør leverandøren selskap selskapet
    selskab selskabet firma firmaet virksomhed virksomheden bedrift bedriften vores hei me
    olemme meillä meidän asiakas asiakkaamme asiakkaan toimittaja yritys yhtiö kun jos ja tai
    mutta on wir ich unser unsere unserem unseren bei der die das dem den des ein eine im am an
    für von vom mit zu zum zur und oder aber ist sind als wenn kunde kunden kundin lieferant
    lieferanten firma unternehmen gesellschaft hallo danke ship bill invoice faktura rechnung
    lasku limited type save export import
    """.split()
)
# Whose products everybody writes about; that somebody uses them is no secret.
PUBLIC_NAMES = frozenset(
    """
    microsoft google apple oracle sap ibm amazon adobe meta facebook intel amd nvidia cisco dell
    hp lenovo samsung sony vmware broadcom github gitlab jetbrains mozilla canonical suse
    salesforce atlassian slack zoom dropbox docker hashicorp elastic mongodb redis openai
    anthropic twilio stripe paypal visa mastercard visma fortnox tripletex unit4 sage intuit
    xero netsuite odoo ifs telia telenor telefonica vodafone nordea handelsbanken swedbank seb
    danske dnb klarna linux python java free software foundation debian gnome libreoffice sun
    netscape xerox
    """.split()
)
# Bilaga AB, type AB, column AS: nobody's names.
NOT_NAMES = frozenset(
    """
    bilaga appendix vedlegg bilag liite anlage plan typ type version versjon del part column
    kolumn kolonne spalte grupp gruppe group class klass klasse test variant alternativ option
    case fall table tabell tabelle figure figur page sida side seite kapitel chapter rad row
    cell cell field fält felt feld code kod kode module modul sheet ark blad step steg schritt
    model modell
    """.split()
)
