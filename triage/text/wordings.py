"""The words for passwords and codes in six languages, and what a password looks like.

In: a word. Out: whether it may be a password, by where it stands.
Not here: finding such words in a text (passwords).
"""

import re

# In lower case, with what six languages add at the end of a word.
PASSWORD = (
    r"(?P<word>pass(?:words?|wd|code|phrase|w(?:o|ö|oe)rt(?:e?s|e|er|ern)?|ord(?:et|ene|a)?)?"
    r"|pwds?|pswd|psw|pw|psswd|userpw|l(?:ö|o)senord(?:et|en|ets)?|l(?:ö|ø)sen(?:et)?"
    r"|adgangskode(?:n|r|rne)?"
    r"|kodeord(?:et|ene)?|salasan(?:a|at|an|ani|anne|amme|aa|alla|aksi|aksesi|akseni|alle|assa"
    r"|asta|oja|akin|anikin)|tunnussana(?:ni)?|kennw(?:ö|o)rt(?:s|es|er|ern)?"
    r"|(?:wlan|wifi|wi-fi|netzwerk|zugangs)-?(?:schlüssel|key|nyckeln?|nøkkel(?:en)?|avain|code))"
    r"(?![^\W\d_])"
)
# One of these is in every word above.
STEMS = (
    *("pass", "pw", "psw", "pss", "senord", "løsen", "lösen", "losen", "kode", "salasan"),
    *("tunnussana", "kennw", "wlan", "wifi", "wi-fi", "netzwerk", "zugangs"),
)
# These say other things as well, or are the ends of other words.
SHORT = frozenset("pass passes passe passa pwd pwds psw pswd pw passer".split())
CREDENTIALS = (
    r"(?:creds?|credentials?|log-?ins?|logon|sign-in|inloggning(?:en|suppgifter(?:na)?)?|inlogg"
    r"|innlogging(?:en)?|pålogging(?:en)?|kirjautumistiedot|tunnukset|zugangsdaten|anmeldedaten"
    r"|anmeldung|adgangsoplysninger|user(?:name)?/pass(?:word)?)"
)
ONE_TIME = (
    r"(?:pin(?:[ -]?(?:kod(?:en)?|koden?|code|koodi(?:ni)?|number|nummer))?"
    r"|(?:one[ -]?time|two[ -]?factor|authentication|authenticator|verification|security|sms|2fa"
    r"|mfa|otp|login|confirmation|access|unlock|gate"
    r"|door|alarm)[ -]?(?:pass)?codes?|otp"
    r"|(?:engångs|verifierings|bekräftelse|säkerhets|sms-?|port|dörr|larm|inloggnings)kod(?:en)?"
    r"|(?:engangs|verifiserings|bekreftelses|bekræftelses|sikkerhets|sikkerheds|sms-?|dør|alarm"
    r"|godkendelses)koden?|(?:kertakäyttö|vahvistus|turva|tunnistus|ovi)koodi(?:ni)?"
    r"|(?:einmal|bestätigungs|sicherheits|zugangs|tür|alarm|prüf)-?codes?|tan|cvc|cvv)"
)

# What follows "password:" in sentences and in error messages, not in sign-in details.
PROSE = frozenset(
    """
    the this that these and but not does did has have had was were will would can cannot can't
    could should must may when what why how who where which after before then there it's its
    i'm i've you your they required invalid incorrect wrong expired reset forgot forgotten null
    none nil string true false missing empty field change changed unknown failed error denied
    str text char varchar bool boolean optional object undefined yes no is are too for from with
    please enter type click go see use using only also never always same both more length minimum
    det den detta jag när var vad varför hur kan inte fel fungerar glömt måste ska finns och men
    jeg ikke når hva hvad hvordan hvorfor feil fejl virker glemt skal kan men og utløpt udløbet
    minä en ei se kun mitä miksi miten väärä virhe toimi unohtunut vanhentunut täytyy pitää mutta
    ich nicht wenn wann was warum wie falsch fehler vergessen abgelaufen muss kann soll und aber
    das die der ist sind wird werden abc
    """.split()
)
# A word in plain letters is no password where one of these comes next: the sentence goes on.
FUNCTION_WORDS = frozenset(
    """
    the a an of to in on at for from by with your my our his her their this that these those not is
    are was were be been it and/or must should can may will
    den det en ett et i på av til till för for fra från med som är er var inte ikke skal kan må
    der die das dem des ein eine einen im am auf für von mit zu zum zur nicht ist sind muss kann
    ei on ole se tämä kun jos
    """.split()
)
_REFERENCE = re.compile(
    r"[a-z_]\w*(?:(?:\.|->|::)\w+)*(?:\([^()]*\)?|\[[^\]]*\]?)(?:[.;]\w*.*)?"
    r"|(?:self|this|args|os|process|config|settings|request|req|res|env|options|opts|params|data"
    r"|user|form|cfg|app|conf|props|state|input|body|session|credentials|secrets|vars)[.\[]\w.*"
    r"|\$[{(].*|\$[a-z_]+|%\w+%?|\{\{?.*|<.*|@\w+|\*+|•+|\.+|…|#+|-+|[\w.]+::\w+|&\w+;.*",
    re.IGNORECASE,
)
# Words with digits that sentences about signing in have in them.
_KNOWN = re.compile(
    r"1password|(?:windows|win|office|sha|md|base|utf|iso|https?|tls|ssl|oauth|auth|m|o|java"
    r"|python|sql|php"
    r"|server|postgres(?:ql)?|mysql|version|ver|v|x|dynamics|ie|ios|android|web|log4j|i18n|ipv"
    r"|aes|rsa|argon|scrypt|pbkdf|kb|net|step|steg|trinn|trin|schritt|vaihe|punkt|kapitel|user"
    r"|test|account|konto|page|level|kap|part|rev|q|r|sp|ubuntu|debian|macos|chrome|firefox|edge"
    r"|odoo|sap|s|nav|bc|ax|html|css|vb|h|p|usb|rfc|error|err|code|http|id|policy|rule|field)"
    r"[-_]?\d[\d.]*(?:r\d)?s?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\d.,:/+-]+(?:[a-z%€]{1,4})?", re.IGNORECASE)
_CODE_NAME = re.compile(r"[A-Z]{1,6}-?\d{2,8}|0x[0-9a-f]+|\[.*|.*\[[A-Z_]+\].*|[a-z]\w+=.*")
# Options, calls, paths, triplets such as x86_64-pc-linux-gnu, file names, 12-character, addresses.
_PROGRAM = re.compile(
    r"-.*|.*[\[\](){}\\`|].*|.*::.*|.*://.*|.+@[\w-]+\.\w.*|(?:[a-z0-9_.]+-){2,}[a-z0-9_.]+"
    r"|\d+-[a-z]+|[\w./-]+\.[a-z]{1,4}|[A-Z0-9_]+(?:[+-]\d+)?|/.*|\d{1,3}(?:st|nd|rd|th|[a-z]{1,3})"
)


def is_reference(value: str) -> bool:
    """Say whether a value only names one: a variable, a call, a blank to be filled in."""
    return _REFERENCE.fullmatch(value) is not None


def looks_like_one(value: str) -> bool:
    """Judge a word anywhere in a sentence: letters and digits together, and no known name."""
    if len(value) < 4 or not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return not any(p.fullmatch(value) for p in (_KNOWN, _NUMBERS, _CODE_NAME, _PROGRAM))


def looks_chosen(value: str) -> bool:
    """Judge a word after "is" and its like: whatever looks like no word of a language."""
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    signs = any(not c.isalnum() and c not in "-'/.,:%" for c in value)
    inner_capital = any(c.isupper() for c in value[1:]) and not value.isupper()
    if _KNOWN.fullmatch(value) or re.fullmatch(r"\d+(?:[.,:/-]\d+)*:?[a-z%]{0,3}", value):
        return value.isdigit() and 4 <= len(value)
    phrase = value.count("-") >= 3 and value.islower()
    return (letters and (digits or inner_capital)) or signs or phrase
