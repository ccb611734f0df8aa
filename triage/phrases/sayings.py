"""What people say when they mean a label that is the same in every forum: its kind, its tone.

In: nothing. Out: by target, label and language, a few sentences as anybody might write them, about
no product in particular. They stand beside a forum's cases while those are few.
Not here: learning from them (learn.heads.sayings), the words that we say to people (wording).
"""

from collections.abc import Mapping

from triage.records import Kind, Target, Tone

Said = Mapping[str, tuple[str, ...]]

SAYINGS: Mapping[Target, Mapping[str, Said]] = {
    Target.KIND: {
        Kind.HOW_TO: {
            "en": (
                "How do I do this? Where is the setting?",
                "Which one should I choose, and what happens if I do?",
                "Is there a way to do it, and how do others do it?",
            ),
            "sv": (
                "Hur gör jag det här? Var finns inställningen?",
                "Vilken ska jag välja, och vad händer då?",
                "Går det att göra på något sätt, och hur gör ni andra?",
            ),
            "nb": (
                "Hvordan gjør jeg dette? Hvor er innstillingen?",
                "Hvilken skal jeg velge, og hva skjer da?",
                "Går det an, og hvordan gjør dere andre det?",
            ),
            "da": (
                "Hvordan gør jeg det her? Hvor er indstillingen?",
                "Hvilken skal jeg vælge, og hvad sker der så?",
                "Kan man det på en eller anden måde, og hvordan gør I andre?",
            ),
            "fi": (
                "Miten tämä tehdään? Missä asetus on?",
                "Kumpi pitäisi valita ja mitä sitten tapahtuu?",
                "Onko siihen jokin keino, ja miten muut sen tekevät?",
            ),
            "de": (
                "Wie mache ich das? Wo ist die Einstellung?",
                "Welche soll ich nehmen, und was passiert dann?",
                "Geht das irgendwie, und wie macht ihr anderen das?",
            ),
        },
        Kind.PROBLEM: {
            "en": (
                "It does not work for us any more, please help.",
                "Something has gone wrong with our data and we cannot put it right ourselves.",
                "We are stuck: it is refused every time with an error message.",
            ),
            "sv": (
                "Det fungerar inte längre hos oss, snälla hjälp.",
                "Något har gått fel med våra data och vi kan inte rätta det själva.",
                "Vi kommer inte vidare: det avvisas varje gång med ett felmeddelande.",
            ),
            "nb": (
                "Det virker ikke lenger hos oss, vennligst hjelp.",
                "Noe har gått galt med dataene våre, og vi kan ikke rette det selv.",
                "Vi står fast: det avvises hver gang med en feilmelding.",
            ),
            "da": (
                "Det virker ikke længere hos os, hjælp os venligst.",
                "Noget er gået galt med vores data, og vi kan ikke selv rette det.",
                "Vi sidder fast: det bliver afvist hver gang med en fejlmeddelelse.",
            ),
            "fi": (
                "Se ei enää toimi meillä, apua kiitos.",
                "Tiedoissamme on mennyt jotain pieleen, emmekä saa sitä itse korjattua.",
                "Olemme jumissa: joka kerta tulee virheilmoitus.",
            ),
            "de": (
                "Es geht bei uns nicht mehr, bitte um Hilfe.",
                "Mit unseren Daten ist etwas schiefgelaufen, wir können es nicht beheben.",
                "Wir kommen nicht weiter: jedes Mal wird es mit einer Fehlermeldung abgelehnt.",
            ),
        },
        Kind.BUG: {
            "en": (
                "Since the new version the result is wrong; it was right in the old one.",
                "It crashes every time, and I can reproduce it: steps, expected, actual.",
                "A defect in the software: a field is empty that should be filled.",
            ),
            "sv": (
                "Sedan nya versionen ger programmet fel resultat; i den gamla var det rätt.",
                "Det kraschar varje gång och går att återskapa: steg, väntat, blev.",
                "Ett fel i programvaran: ett fält är tomt som borde vara ifyllt.",
            ),
            "nb": (
                "Siden den nye versjonen gir programmet feil resultat; i den gamle var det riktig.",
                "Det krasjer hver gang og kan gjenskapes: trinn, ventet, faktisk.",
                "En feil i programvaren: et felt er tomt som burde vært fylt ut.",
            ),
            "da": (
                "Siden den nye version er resultatet forkert; i den gamle var det rigtigt.",
                "Det går ned hver gang og kan genskabes: trin, forventet, faktisk.",
                "En fejl i softwaren: et felt er tomt, som burde være udfyldt.",
            ),
            "fi": (
                "Uudesta versiosta lähtien ohjelma antaa väärän tuloksen; vanhassa se oli oikein.",
                "Kaatuu joka kerta ja on toistettavissa: vaiheet, odotettu, todellinen.",
                "Ohjelmistovirhe: kenttä on tyhjä, vaikka sen pitäisi olla täytetty.",
            ),
            "de": (
                "Seit der neuen Version rechnet das Programm falsch; in der alten stimmte es.",
                "Stürzt jedes Mal ab und ist reproduzierbar: Schritte, erwartet, tatsächlich.",
                "Ein Fehler in der Software: ein Feld ist leer, das gefüllt sein müsste.",
            ),
        },
        Kind.REQUEST: {
            "en": (
                "Feature request: please add this, it would save us a lot of work.",
                "It would be nice if the program could do that by itself. Is it planned?",
                "Could you build that for us, and what would it cost?",
            ),
            "sv": (
                "Önskemål: lägg till detta, det skulle spara oss mycket arbete.",
                "Det vore bra om programmet kunde göra det självt. Är det planerat?",
                "Kan ni bygga det åt oss, och vad skulle det kosta?",
            ),
            "nb": (
                "Ønske: legg til dette, det ville spart oss mye arbeid.",
                "Det hadde vært fint om programmet kunne gjøre det selv. Er det planlagt?",
                "Kan dere lage det for oss, og hva ville det koste?",
            ),
            "da": (
                "Ønske: tilføj dette, det ville spare os meget arbejde.",
                "Det ville være rart, hvis programmet selv kunne gøre det. Er det planlagt?",
                "Kan I bygge det til os, og hvad ville det koste?",
            ),
            "fi": (
                "Toive: lisätkää tämä, se säästäisi meiltä paljon työtä.",
                "Olisi hyvä, jos ohjelma osaisi sen itse. Onko se suunnitteilla?",
                "Voitteko rakentaa sen meille, ja mitä se maksaisi?",
            ),
            "de": (
                "Wunsch: bitte einbauen, das würde uns viel Arbeit sparen.",
                "Schön wäre es, wenn das Programm das selbst könnte. Ist das geplant?",
                "Könnt ihr uns das bauen, und was würde es kosten?",
            ),
        },
        Kind.COMPLAINT: {
            "en": (
                "I am fed up with this. It is unacceptable, and nobody answers.",
                "This is the third time. I want my money back or we leave.",
                "You broke it, you did not warn anybody, and we pay for it.",
            ),
            "sv": (
                "Jag är trött på detta. Det är oacceptabelt och ingen svarar.",
                "Det här är tredje gången. Jag vill ha pengarna tillbaka, annars byter vi.",
                "Ni förstörde det, ni varnade ingen och vi får betala.",
            ),
            "nb": (
                "Jeg er lei av dette. Det er uakseptabelt, og ingen svarer.",
                "Dette er tredje gang. Jeg vil ha pengene tilbake, ellers bytter vi.",
                "Dere ødela det, dere advarte ingen, og vi må betale.",
            ),
            "da": (
                "Jeg er træt af det her. Det er uacceptabelt, og ingen svarer.",
                "Det er tredje gang. Jeg vil have pengene tilbage, ellers skifter vi.",
                "I ødelagde det, I advarede ingen, og vi må betale.",
            ),
            "fi": (
                "Olen kyllästynyt tähän. Tämä ei käy, eikä kukaan vastaa.",
                "Tämä on kolmas kerta. Haluan rahani takaisin tai vaihdamme.",
                "Te rikoitte sen, ette varoittaneet ketään, ja me maksamme.",
            ),
            "de": (
                "Ich habe es satt. Das ist eine Zumutung, und niemand antwortet.",
                "Das ist das dritte Mal. Ich will mein Geld zurück, sonst wechseln wir.",
                "Ihr habt es kaputt gemacht, niemanden gewarnt, und wir zahlen dafür.",
            ),
        },
        Kind.ACCOUNT: {
            "en": (
                "We want to cancel our subscription at the end of the year.",
                "Please transfer the account to a new owner, the old administrator has left.",
                "What does our contract say about the price, and may we have other terms?",
            ),
            "sv": (
                "Vi vill säga upp vårt abonnemang till årsskiftet.",
                "Vänligen för över kontot till en ny ägare, den gamla administratören har slutat.",
                "Vad säger vårt avtal om priset, och kan vi få andra villkor?",
            ),
            "nb": (
                "Vi vil si opp abonnementet vårt ved årsskiftet.",
                "Vennligst overfør kontoen til en ny eier, den gamle administratoren har sluttet.",
                "Hva sier avtalen vår om prisen, og kan vi få andre vilkår?",
            ),
            "da": (
                "Vi vil opsige vores abonnement ved årsskiftet.",
                "Overfør venligst kontoen til en ny ejer, den gamle administrator er stoppet.",
                "Hvad siger vores aftale om prisen, og kan vi få andre vilkår?",
            ),
            "fi": (
                "Haluamme irtisanoa tilauksemme vuodenvaihteessa.",
                "Siirtäkää tili uudelle omistajalle, vanha pääkäyttäjä on lähtenyt.",
                "Mitä sopimuksemme sanoo hinnasta, ja voimmeko saada muut ehdot?",
            ),
            "de": (
                "Wir möchten unser Abonnement zum Jahresende kündigen.",
                "Bitte das Konto auf einen neuen Inhaber übertragen, der alte Admin ist weg.",
                "Was sagt unser Vertrag zum Preis, und können wir andere Konditionen bekommen?",
            ),
        },
    },
    Target.TONE: {
        Tone.CALM: {
            "en": ("Hello, could somebody tell me how this works? Thank you.",),
            "sv": ("Hej, kan någon berätta hur detta fungerar? Tack.",),
            "nb": ("Hei, kan noen si hvordan dette virker? Takk.",),
            "da": ("Hej, kan nogen fortælle, hvordan det virker? Tak.",),
            "fi": ("Hei, osaisiko joku kertoa, miten tämä toimii? Kiitos.",),
            "de": ("Hallo, kann mir jemand sagen, wie das geht? Danke.",),
        },
        Tone.ANGRY: {
            "en": (
                "I am furious. How can anybody sell such rubbish? Fix it NOW!",
                "Useless program, what do we pay you for?!",
            ),
            "sv": (
                "Jag är rasande. Hur kan man sälja sådant skräp? Laga det NU!",
                "Värdelöst program, vad betalar vi er för?!",
            ),
            "nb": (
                "Jeg er rasende. Hvordan kan noen selge slikt søppel? Fiks det NÅ!",
                "Ubrukelig program, hva betaler vi dere for?!",
            ),
            "da": (
                "Jeg er rasende. Hvordan kan nogen sælge sådan noget skrammel? Ret det NU!",
                "Ubrugeligt program, hvad betaler vi jer for?!",
            ),
            "fi": (
                "Olen raivoissani. Miten kukaan kehtaa myydä tällaista roskaa? Korjatkaa HETI!",
                "Surkea ohjelma, mistä me teille maksamme?!",
            ),
            "de": (
                "Ich bin stinksauer. Wie kann man so einen Mist verkaufen? Behebt das SOFORT!",
                "Unbrauchbares Programm, wofür zahlen wir euch?!",
            ),
        },
        Tone.AT_RISK: {
            "en": (
                "If this is not settled we will cancel and go to a competitor.",
                "We are looking at other systems. I want my money back.",
            ),
            "sv": (
                "Om detta inte löses säger vi upp och byter till en konkurrent.",
                "Vi tittar på andra system. Jag vill ha pengarna tillbaka.",
            ),
            "nb": (
                "Hvis dette ikke løses, sier vi opp og går til en konkurrent.",
                "Vi ser på andre systemer. Jeg vil ha pengene tilbake.",
            ),
            "da": (
                "Hvis det ikke bliver løst, siger vi op og går til en konkurrent.",
                "Vi ser på andre systemer. Jeg vil have pengene tilbage.",
            ),
            "fi": (
                "Jos tämä ei ratkea, irtisanomme ja siirrymme kilpailijalle.",
                "Katsomme muita järjestelmiä. Haluan rahani takaisin.",
            ),
            "de": (
                "Wenn das nicht gelöst wird, kündigen wir und gehen zur Konkurrenz.",
                "Wir sehen uns andere Systeme an. Ich will mein Geld zurück.",
            ),
        },
    },
}
