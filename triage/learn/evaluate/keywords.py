"""A question -> whether a list of telling words would send it to an expert.

In: the text of a question in any of the six languages. Out: yes or no. It is what a support desk
does without a model, kept to be compared with: words for what may not be public, for money and
contracts, for what was made for one customer, for what stands still, and for what cannot be undone.
Not here: deciding what is served (decide), what the comparison costs (routing).
"""

import re

# One line per concern; stems, so that inflected and compound words are found too.
_SECRECY = (
    "gdpr|dsgvo|data breach|personuppgift|personvern|persondata|personopplysning|datenschutz"
    "|tietosuoja|tietoturva|henkilötie|confidential|konfidenti|vertraulich|fortrolig|luottamuks"
    "|salassa|discreet|diskret|känslig|hemlig|hemmelig|geheim|in confidence|other client|other"
    " customer|anden kunde|annans|andres|muiden|anderer kunden"
)
_CRIME = (
    "fraud|scam|svindel|betrug|huijar|bedräg|lurade|police|polis|politi|polizei|rikos"
    "|stolen|stjål|stjæl|stulen|gestohlen|varastet|github|password|lösenord|passord|adgangskode"
    "|salasana|kennwort|passwort|client.?secret|who has opened|hvem har|wer hat|kuka on"
)
_CONTRACT = (
    "contract|avtal|aftale|vertrag|sopimu|discount|rabatt?|alennu|quote|offert|tilbud|angebot"
    "|tarjou|refund|återbetal|refusjon|erstatning|korvau|kompensation|minderung|terminat|notice"
    " period|uppsäg|oppsig|opsig|kündig|irtisano|renewal|fornyelse|verlängerung|price increase"
    "|lawyer|solicitor|advokat|jurist|anwalt|juristi|inkasso|dpa\\b|databehandler|auftragsverarb"
)
_OURS = (
    "our database|vår databas|vores database|vores base|vår base|basen vår|kannas|kannan"
    "|tietokan|unsere[rn]? datenbank|datenbank|bespoke|consultant|konsult|consulting|konsulent"
    "|räätälöi|tilpass|tilpas|individuell|sonder|anpassa|spesial|special|built for us|lavede til"
    "|our account|vårt konto|kontoen vår|tiliämme|tilimme|unserem konto|mandant"
)
_STANDSTILL = (
    "503|nobody can|nobody|can't work|ingen kommer|ingen kan|kukaan ei|keiner kann|keiner|nede\\b"
    "|standstill|steht\\b|stopped? all|urgent|emergency|notfall|haster|heti\\b|sofort|genast"
    "|straks|omedelbart|omgående|akut|ring m(?:ig|eg)|ring nu|call me|phone"
)
_UNDOING = (
    "overwritten|överskriv|overskrev|überschrieb|restore|återställ|gjenopprett|genopret|palautt"
    "|wiederherstell|zurückdreh|unlock|lås upp|låse op|lukituks|lukittu|backup|säkerhetskopi"
    "|varmuuskopi|sicherung|paid twice|betalt to gange?r?|doppelt ausgef|passed away|dødsfall"
    "|dödsfall|gått bort|døde|død\\b|verstorben|kuollut|menehty|only admin|sole admin"
    "|einziger admin"
)
_TELLING = re.compile(
    "|".join(f"(?:{part})" for part in (_SECRECY, _CRIME, _CONTRACT, _OURS, _STANDSTILL, _UNDOING))
)
_READ = 8_000  # characters of a question that are looked at


def asks_for_expert(title: str, body: str) -> bool:
    """Say whether a question has any of the words that usually take an expert."""
    return _TELLING.search(f"{title}\n{body}"[:_READ].casefold()) is not None
