"""Sentences about contracts, prices agreed on and security, and others that only sound so.

In: nothing. Out: TALK: (split, language, confidential, sentence), written for this. The weights of
`triage.text.confidential` are fitted on `seen`; `blind` is only measured.
Not here: fitting and measuring (confidential).
"""

from collections.abc import Iterator

_SEEN = """
en + What discount do we get in our contract?
en + Our contract says 4 % per year at most but the renewal quote is up by 12 %.
en + We found a vulnerability in your portal that lets anyone read invoices.
en + We would like to renegotiate our terms before we renew for three years.
en + Somebody may have hacked our account, there are logins from abroad.
en + A customer can see the invoices of another customer after signing in.
en + How much notice do we have to give to terminate our agreement?
en + Can you send us a quote for 20 more seats at the price we have today?
en + Please keep this between us: we are about to be acquired by a competitor.
en + Our lawyers want changes in the data processing agreement.
en - The price field in the product form shows the wrong value.
en - How do I set up a discount group for a customer?
en - The contract module does not create invoices for recurring lines.
en - Where can I change the security settings of a user role?
en - Price list import fails with a decimal comma.
en - How do I renew the bank consent when the certificate runs out?
en - The discount is not shown on the printed invoice.
en - Licence seat limit reached although we deactivated two users.
en - Can two-factor authentication be switched on for everybody?
en - How do I register a contract with a customer and bill it monthly?
sv + Vilken rabatt har vi i vårt avtal?
sv + Enligt avtalet ska vi betala 149 kr per plats, men ni fakturerar 189 kr.
sv + Vi har hittat ett säkerhetshål i er inloggning.
sv + Vad är uppsägningstiden för vårt avtal och vad kostar det att lämna i förtid?
sv + Vi vill omförhandla priset innan vi förlänger.
sv + Någon obehörig har loggat in på vårt konto.
sv + Kan ni ge oss en offert på 30 användare till vårt nuvarande pris?
sv + Det här får inte spridas: vi ska köpa upp en konkurrent.
sv + Personuppgifter har läckt ut till fel mottagare.
sv - Prisfältet på artikeln visar fel värde.
sv - Hur lägger jag upp en rabatt på en kundgrupp?
sv - Avtalsmodulen skapar inga fakturor för periodiska rader.
sv - Var ändrar man säkerhetsinställningar för en roll?
sv - Importen av prislistan ger fel decimaler.
sv - Rabatten syns inte på fakturautskriften.
sv - Hur förnyar jag samtycket till banken?
sv - Hur skapar jag en offert i säljmodulen?
nb + Hvilken rabatt har vi i avtalen vår?
nb + Ifølge kontrakten skal prisen maks øke med 3 %, men tilbudet er 14 % høyere.
nb + Vi har funnet en sårbarhet i portalen deres.
nb + Hvor lang oppsigelsestid har vi på avtalen?
nb + Vi vil reforhandle prisen vår før vi fornyer.
nb + Noen har brutt seg inn på kontoen vår.
nb + Kan vi få et pristilbud på 20 plasser til med samme rabatt som før?
nb + Dette er konfidensielt: vi blir kjøpt opp til nyttår.
nb + En kunde ser en annen kundes fakturaer i portalen.
nb - Prisfeltet på varen viser feil verdi.
nb - Hvordan legger jag inn rabatt for en kundegruppe?
nb - Avtalemodulen lager ikke fakturaer.
nb - Hvor endrer man sikkerhetsinnstillinger for en rolle?
nb - Import av prislisten gir feil desimaler.
nb - Rabatten vises ikke på fakturaen.
nb - Hvordan fornyer jeg samtykket til banken?
nb - Hvordan lager jeg et tilbud til en kunde?
da + Hvilken rabat har vi i vores aftale?
da + Ifølge kontrakten må prisen højst stige 4 %, men I har sat den op med 14 %.
da + Vi har fundet et sikkerhedshul i jeres portal.
da + Hvad er opsigelsesvarslet på vores kontrakt?
da + Vi vil genforhandle prisen, før vi forlænger.
da + Nogen har hacket vores konto.
da + Kan vi få et tilbud på 15 pladser mere til vores nuværende pris?
da + Det er fortroligt: vi skal opkøbes.
da + Vores kundedata er lækket.
da - Prisfeltet på varen viser en forkert værdi.
da - Hvordan opretter jeg rabat til en kundegruppe?
da - Aftalemodulet danner ikke fakturaer.
da - Hvor ændrer man sikkerhedsindstillinger for en rolle?
da - Import af prislisten giver forkerte decimaler.
da - Rabatten vises ikke på fakturaen.
da - Hvordan fornyer jeg samtykket til banken?
fi + Mikä alennus meillä on sopimuksessamme?
fi + Sopimuksen mukaan hinta saa nousta enintään 3 %, mutta lasku nousi 18 %.
fi + Löysimme haavoittuvuuden portaalistanne.
fi + Mikä on sopimuksemme irtisanomisaika?
fi + Haluamme neuvotella hinnasta ennen kuin jatkamme sopimusta.
fi + Joku on murtautunut tilillemme.
fi + Voitteko antaa tarjouksen 20 lisäpaikasta nykyisellä hinnallamme?
fi + Tämä on luottamuksellista: meidät ollaan ostamassa.
fi + Asiakas näkee toisen asiakkaan laskut.
fi - Tuotteen hintakenttä näyttää väärän arvon.
fi - Miten lisään alennuksen asiakasryhmälle?
fi - Sopimusmoduuli ei luo laskuja.
fi - Mistä muutetaan roolin tietoturva-asetuksia?
fi - Hinnaston tuonti antaa väärät desimaalit.
fi - Alennus ei näy laskulla.
fi - Miten uusin suostumuksen pankkiin?
de + Welchen Rabatt haben wir in unserem Vertrag?
de + Laut Vertrag darf der Preis höchstens um 3 % steigen, Sie verlangen 18 %.
de + Wir haben eine Sicherheitslücke in Ihrem Portal gefunden.
de + Welche Kündigungsfrist gilt für unseren Vertrag?
de + Wir möchten vor der Verlängerung über den Preis verhandeln.
de + Unser Konto wurde gehackt.
de + Können Sie uns ein Angebot für 40 weitere Plätze zu unserem Preis machen?
de + Bitte vertraulich behandeln: wir werden übernommen.
de + Ein Kunde sieht die Rechnungen eines anderen Kunden.
de - Das Preisfeld im Artikel zeigt einen falschen Wert.
de - Wie lege ich einen Rabatt für eine Kundengruppe an?
de - Das Vertragsmodul erzeugt keine Rechnungen.
de - Wo ändert man die Sicherheitseinstellungen einer Rolle?
de - Der Import der Preisliste liefert falsche Nachkommastellen.
de - Der Rabatt fehlt auf der gedruckten Rechnung.
de - Wie erneuere ich die Zustimmung der Bank?
de - Wie erstelle ich ein Angebot für einen Kunden?
"""

_BLIND = """
en + The unit price you charge us differs from appendix 2 of the agreement.
en + What would it cost us to leave before the contract ends?
en + I can read other tenants' data by changing the id in the URL, please call me.
en + Is the rebate from last year's deal still valid for our renewal?
en + Our penetration test report lists three critical findings in your product.
en + We suspect a former employee still has access and copied our customer list.
en + Is there a better rate if we commit to five years?
en - The unit price column is missing in the order report.
en - How do I print a price list without purchase prices?
en - A coupon gives ten percent off twice, how do I stop that?
en - The agreement tab is greyed out for my role.
en - How do I export the list of users with their access rights?
en - Security certificate of the mail server is refused when sending invoices.
en - What does the license agreement dialog at installation mean?
sv + Ni har höjt priset trots att vi har prisgaranti till 2027.
sv + Vi överväger att säga upp abonnemanget, vilka villkor gäller?
sv + Jag kom åt andra kunders uppgifter genom att ändra adressen.
sv + Vad kostar det oss att gå från 10 till 25 licenser med den rabatt vi fick?
sv + Vi har fått utpressningsvirus och undrar om era data är påverkade.
sv - Priset på orderraden räknas om när jag byter kund.
sv - Hur skriver jag ut en prislista utan inköpspriser?
sv - Var ser jag kundens avtalspriser i ordern?
sv - Fliken säkerhet saknas i inställningarna.
nb + Dere har satt opp prisen selv om vi har prisgaranti ut 2027.
nb + Hva koster det oss å gå ut av kontrakten før tiden?
nb + Jeg får opp andre kunders data når jeg endrer adressen.
nb + Får vi bedre pris hvis vi binder oss i fem år?
nb - Prisen på ordrelinjen endres når jeg bytter kunde.
nb - Hvordan skriver jeg ut prisliste uten innkjøpspriser?
nb - Fanen sikkerhet mangler i innstillingene.
da + I har hævet prisen, selv om vi har prisgaranti til 2027.
da + Hvad koster det os at komme ud af aftalen før tid?
da + Jeg kan se andre kunders data, når jeg ændrer adressen.
da + Får vi en bedre pris, hvis vi binder os i fem år?
da - Prisen på ordrelinjen ændres, når jeg skifter kunde.
da - Hvordan udskriver jeg en prisliste uden indkøbspriser?
da - Fanen sikkerhed mangler i indstillingerne.
fi + Nostitte hintaa, vaikka meillä on hintatakuu vuoteen 2027.
fi + Mitä maksaa, jos lopetamme sopimuksen ennen aikojaan?
fi + Näen muiden asiakkaiden tiedot, kun muutan osoitetta.
fi + Saammeko paremman hinnan, jos sitoudumme viideksi vuodeksi?
fi - Tilausrivin hinta muuttuu, kun vaihdan asiakasta.
fi - Miten tulostan hinnaston ilman ostohintoja?
fi - Tietoturva-välilehti puuttuu asetuksista.
de + Sie haben den Preis erhöht, obwohl wir eine Preisgarantie bis 2027 haben.
de + Was kostet uns der Ausstieg aus dem Vertrag vor Ablauf?
de + Ich sehe Daten anderer Kunden, wenn ich die Adresse ändere.
de + Bekommen wir einen besseren Preis, wenn wir uns fünf Jahre binden?
de - Der Preis der Auftragszeile ändert sich, wenn ich den Kunden wechsle.
de - Wie drucke ich eine Preisliste ohne Einkaufspreise?
de - Der Reiter Sicherheit fehlt in den Einstellungen.
"""


def talk(split: str) -> Iterator[tuple[str, bool, str]]:
    """Return (language, confidential, sentence) of a split."""
    for line in (_SEEN if split == "seen" else _BLIND).strip().splitlines():
        lang, sign, sentence = line.split(" ", 2)
        yield lang, sign == "+", sentence
