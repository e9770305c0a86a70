# Elke zin van Beddenwacht: wat het scherm toont en wat Rust zegt.
#
# Een regio die andere woorden gebruikt, verandert alleen de termen (-stop, -dreigend, …).
# Getallen komen als getal binnen, tijden als tekst. Wat tussen <b> en </b> staat, valt op.

## Termen

-stop = { $hoofdletter ->
    [ja] Stop
   *[nee] stop
}
-dreigende-stop = dreigende stop
-seh = SEH
-aangehouden = aangehouden
-aanbod = aanbod

## Overal

age-old = { $age } oud
close = Sluiten
cancel = Annuleer
written = Geschreven: { $path }
phone-unknown = Hier is geen nummer bekend.
phone-copied = Gekopieerd: { $phone }
phone-not-copied = Niet gekopieerd; het nummer is { $phone }
beds-taken-back = { $n ->
    [one] { $n } bed teruggezet
   *[other] { $n } bedden teruggezet
}

## Fouten

error-storage = Niet opgeslagen: de schijf neemt het niet aan.
error-not-found = Dit bestaat niet (meer).
error-invalid = Dit kan zo niet.
error-offline = Geen verbinding: er is niets verstuurd.
error-refused = De server weigert dit.
error-not-allowed = Dit account mag dat hier niet.
error-not-from-here = Dat kan niet vanuit deze toestand.
error-changed = Deze melding is net veranderd. Kijk, en bevestig dan opnieuw.
error-unreadable = Niet leesbaar.
error-other = Er ging iets mis; zie het logboek.

## Schermen

screen-region = Regio
screen-location = Locatie
screen-beds = Bedden
screen-worklist = Werklijst
screen-alarm-metrics = Kwaliteit van de meldingen
screen-data-quality = Gegevenskwaliteit
screen-settings = Instellingen

## Toetsen

keys-title = Alle toetsen
keys-everywhere = Overal
key-name-arrows = pijlen
key-name-shift-arrows = Shift + pijlen
key-name-space = spatie
key-name-escape = Esc
key-screen = scherm { $screen }
key-tab = naar het volgende
key-enter = openen
key-back = terug
key-filter = filter de locaties
key-copy = kopieer het telefoonnummer
key-wall = wand: alleen regio en meldingen, groter
key-acknowledge = bevestig de gekozen melding
key-next-alarm = kies de volgende melding
key-shelve = melding op de plank, met reden
key-silence = geluid stil, ten hoogste twee minuten
key-take-over = de dienst overnemen
key-night = nacht of dag
key-undo = laatste label terugnemen
key-sheet = dit overzicht
key-region-move = naar een tegel
key-location-beds = bedden van deze locatie
key-location-stop = { -stop } afkondigen
key-beds-move = naar een bed
key-beds-extend = meer bedden kiezen
key-beds-room = de hele kamer
key-beds-ward = de hele afdeling
key-beds-detail = alles over dit bed
key-beds-label = label geven; 1–9 kiest wat het laatst gegeven is

## Druktemeter

meter-unknown = ? drukte onbekend
meter-ago = { $variant } van { $age } geleden

## Regio

region-filter = Filter
region-filtered = { $n } van { $of } locaties
region-totals = Regiototaal, alleen wat actueel is
region-totals-head = Regio, { -aanbod } (vrij)
region-sehs = { -seh }: { $open } van { $of } open
region-sehs-threatened = { $n } dreigend
region-sehs-stop = { $n } in stop
region-sehs-closed = { $n } gesloten
region-sehs-unknown = { $n } onbekend
region-total-why = { $name }: { $from } van { $of } locaties geteld; van { $unknown } bedden is de stand onbekend
region-total-from = { $from } van { $of } locaties
region-total-unknown = + { $n } onbekend
region-none-fits = Geen locatie met deze naam.
region-empty = Er is nog geen stand van deze regio. Zodra de server antwoordt, staan de locaties hier.
tile-favourite = favoriet
tile-no-meter = druk: niet aangeleverd
tile-no-seh = Geen { -seh }
tile-beds = bedden
tile-free = vrij
tile-held-back = { -aangehouden }
tile-held-back-short = aangeh.
tile-held-back-why = { -aangehouden }: onder de drempelwaarde
tile-offer = { -aanbod }
tile-unknown-beds = van { $n } bedden is de stand onbekend
tile-no-rows = geen bedden van de gekozen rijen
tile-no-phone = geen nummer bekend

## Bovenbalk en onderbalk

bar-screens = Schermen
bar-leave-wall = W terug naar het bureau
bar-heard = { " " }· { $seconds } s oud
bar-night = ☾ nacht
bar-day = ☀ dag
bar-no-operator = Wie heeft de dienst?
bar-no-operator-why = Nog niemand heeft hier de dienst overgenomen; wat gebeurt, staat op naam van ‘?’ (O)
bar-night-why = Nacht of dag (N)
bar-keys-why = Alle toetsen (?)
strip-coverage = <b>{ $current } van { $of }</b> locaties actueel
strip-offline = <b>offline sinds { $since }</b>: er komt niets meer binnen
strip-waiting = <b>{ $n }</b> wacht op verzending
strip-troubled = <b>{ $n }</b> wacht op uw besluit (T): { $first }
strip-complete = laatste volledige stand { $time }
strip-welcome = Bij levensgevaar is elke { -seh } open, ook bij een { -stop }
practice-course = Verloop
practice-unplug = Trek de stekker eruit
practice-plug = Steek de stekker erin
practice-region = OEFENREGIO
scenario-tour = kennismaking
scenario-calm = gewone dag
scenario-flu-wave = griepgolf
scenario-stop-storm = { -stop }storm
scenario-power-cut = stroomuitval Isala
scenario-feed-loss = levering valt uit
scenario-harmonica = harmonica-afdelingen

## Meldingen

alarms-title = Meldingen
alarms-head = MELDINGEN
alarms-open = { $n } onbevestigd
alarms-shelved = · { $n } op de plank
alarms-flood = Veel meldingen: { $flood }.
alarms-flood-grouped = { $n } midden en laag samengenomen; de hoge staan hierboven één voor één.
alarms-fold = Neem samen
alarms-unfold = Toon alle
alarms-silent = Stil, nog { $s } s
alarms-silence = Stil 2 min
alarms-shift = dienst { $shift }
alarms-none = Geen meldingen.
alarms-now = Nu
alarms-acknowledged = Bevestigd
alarms-over = Voorbij
alarms-new-above = ▲ { $n } nieuwe
alarms-new-below = ▼ { $n } nieuwe
alarms-acknowledge-over = Bevestig alle voorbije
alarm-acknowledge-all = Bevestig { $n }
alarm-too-new = Niet bevestigd: { $alarm } staat hier nog maar net. Kijk, en druk nog eens.
alarm-was-out-of-sight = Niet bevestigd: { $alarm } stond buiten beeld. Kijk, en druk nog eens.
alarm-standing = al { $age }
alarm-acknowledge = Bevestig
alarm-show = Toon
alarm-shelve = Plank
alarm-unshelve = Van de plank
alarm-into-service = In dienst
shelve-title = Op de plank: { $alarm }
shelve-which = Welke
shelve-reason = Reden
shelve-how-long = Hoe lang
shelve-15-min = 15 minuten
shelve-1-hour = 1 uur
shelve-4-hours = 4 uur
shelve-12-hours = 12 uur
shelve-for-good = buiten dienst, tot iemand hem weer in dienst stelt (beheerder)
shelve-stays = De melding komt niet vanzelf terug, ook niet als het erger wordt.
shelve-comes-back = De melding komt vanzelf terug, en eerder als het erger wordt.
shelve-do = Op de plank
take-over-title = De dienst overnemen
take-over-open = Niet bevestigd
take-over-shelved = Op de plank
take-over-acknowledged = Bevestigd en nog gaande
take-over-suppressed = Onderdrukt of buiten dienst
take-over-who = Wie heeft nu de dienst
take-over-do = Neem over
take-over-done = { $name } heeft de dienst.
priority-high = hoog
priority-medium = midden
priority-low = laag
metrics-measure = maat
metrics-value = waarde
metrics-aim = doel
metrics-within = ○ binnen
metrics-above = ▲ erboven
metrics-chart = Meldingen per tien minuten
metrics-chart-caption = meldingen per tien minuten; de lijn is een vloed
metrics-export = Schrijf het meldingenlogboek (CSV)
metrics-busiest = Drukste bronnen
metrics-no-alarms = Nog geen meldingen.
metrics-stale = Langer dan een dag
metrics-none = Geen.
metrics-meaning = Wat elke melding betekent
metrics-consequence = Gevolg: { $text }.
metrics-response = Doen: { $text }.

## Gegevenskwaliteit

data-quality-for = wat er mis is in de leveringen, voor de ICT van het ziekenhuis
data-quality-location = Locatie
data-quality-head-location = locatie
data-quality-all = alle
data-quality-export = Exporteer alles hiervan (CSV)
data-quality-asking = Even kijken…
data-quality-none = Er is niets mis met de leveringen.
data-quality-what = wat
data-quality-count = aantal
data-quality-since = sinds
data-quality-where = waar, bijvoorbeeld
unknown = onbekend
never = nooit
seconds = s
and = {" "}en{" "}

## Bedden

bed-free = vrij
bed-occupied = bezet
bed-reserved = gereserveerd
bed-preparing = in voorbereiding
bed-isolation = isolatie
bed-blocked = geblokkeerd
bed-unknown = onbekend
bed-manual = handmatig label
beds-back = Terug naar de locatie
beds-all = alle
beds-free = vrij { $n }
beds-unlabelled = zonder label { $n }
beds-manual = handmatig { $n }
beds-blocked = geblokkeerd { $n }
beds-label = Label
beds-detail = Dit bed
beds-may-not-label = dit account labelt hier niet
beds-ward = vrij { $free } van { $of }
beds-none-fits = Geen bedden die hieraan voldoen.
bed-title = Bed
bed-delivered = zoals geleverd
bed-read-as = gelezen als
bed-labels = Labels
bed-under = daaronder, volgens het EPD: { $label }
bed-no-labels = Geen labels geleverd.
bed-history = De laatste 24 uur
bed-raw = Bericht zoals ontvangen, zonder patiëntgegevens

## Labels

label-title = Label geven · { $n ->
    [one] { $n } bed
   *[other] { $n } bedden
}
label-classification = Classificatie
label-element = Element
label-element-hint = typ een deel van de naam, of het cijfer eronder
label-reason = Reden
label-reason-hint = bijvoorbeeld harmonica stand 2
label-until = Geldig tot
label-or-until = of tot
until-shift = einde dienst
until-next-ten = eerstvolgende 10:00
until-day = 24 uur
until-week = 7 dagen
until-open = tot ik het intrek
label-as-set = Bewaar als set, om in één keer aan en uit te zetten
label-set-name = Naam
label-set-name-hint = harmonica stand 2
label-daily = Elke dag
label-from = van
label-to = tot
label-already = { $n } × al zo
label-valid-until = geldig tot { $until }
label-valid-open = geldig tot iemand het intrekt
label-take = Neem { $element }
label-overwrites = { $what }: wordt overschreven
label-set-line = Set: { $line }
label-set-single = { $n } los gelabeld: { $some }
label-over-single = ook die labelen
label-choose = Kies een element.
label-none-fits = Geen element met deze naam.
label-keep-set = Bewaar de set
label-give = Geef label
label-set-on = Set { $name } staat aan.
label-given = { $n ->
    [one] { $n } bed
   *[other] { $n } bedden
}: { $element }. Ongedaan: Ctrl Z
work-label = Label geven
work-keep = Label houden
work-let-go = Label loslaten
work-extend = Nog 24 uur
work-repeat = Herhaal
work-mine = Deze werkplek
work-theirs = Zoals op de server
work-retry = Opnieuw versturen
work-withdraw = Intrekken
work-nothing = Er is niets te doen: elk bed heeft zijn labels en alles is verstuurd.
sets-title = Sets
sets-none = Nog geen sets. Kies bedden op de beddenkaart, druk L en bewaar als set.
set-by = { $when } · door { $author }
set-single-stay = { $n } los gelabeld blijven zo: { $some }
set-conflict = Al in een andere set: { $conflict }
set-on = ■ aan
set-off = ○ uit
set-drop = Verwijder
epd-title = Naar het EPD
epd-export = Schrijf de labels van vandaag (CSV en XLSX)
epd-advice = { $location } · { $department }: { $n } bedden { $what }, met de hand sinds { $since }. <b>Laat het EPD dit leveren.</b>
epd-none = Niets wordt langer dan twee weken met de hand gelabeld.
label-cost-title = Wat labelen kost
label-cost-none = Nog niets gemeten.
label-cost-share = mijn naam mag bij de tijd staan

## Locatie

location-back = ‹ { screen-region }
location-delivered = geleverd { $time } · { age-old }
location-stops = { -stop(hoofdletter: "ja") }s
location-agreed = Afgesproken
location-no-seh = Deze locatie heeft geen { -seh }.
location-process = Procesinformatie
location-wards = Afdelingen
meter-title = Druktemeter
meter-3h = laatste 3 uur
meter-3h-chart = Drukte in de laatste drie uur
meter-24h = laatste 24 uur
meter-24h-chart = Drukte in de laatste 24 uur
meter-no-terms = Zoals de server het levert; de opbouw staat bij het herberekende getal.
capacity-title = Capaciteit
capacity-total = { $free } vrij van { $of }; { $unknown } onbekend
capacity-element = element
capacity-of = van
capacity-called = Gebeld
capacity-none = Niet aangeleverd.
capacity-proved = Toen iemand belde: { $how }.
contact-title = Contact
contact-on-duty = · nu dienst
contact-off-duty = · nu niet
contact-no-phone = geen nummer
contact-copy = Kopieer
contact-none = Geen nummers geleverd.
documents-title = Documenten van de regio
confirm-title = Gebeld: { $element }, { $location }
confirm-shown = Op het scherm: { $free } vrij.
confirm-shown-unknown = Op het scherm: { $free } vrij, van { $n } bedden is de stand onbekend.
confirm-actual = Werkelijk vrij
confirm-beside = Dit staat naast het geleverde getal en verandert het niet.
confirm-do = Bevestig
confirm-done = Bevestigd; de andere werkplekken zien het ook.
stop-announce = { -stop(hoofdletter: "ja") } afkondigen
stop-title = { stop-announce } · { $location }
stop-what = Wat
stop-level = Hoe ver
level-threatened = { -dreigende-stop }
level-stop = { -stop }
stop-minutes = Verwacht, minuten
stop-reasons = Redenen, de belangrijkste eerst
stop-note = Toelichting, zonder patiëntgegevens
stop-other-score = druk { $score }
stop-other-drive = ca. { $band } min
stop-other-siren = met sirene ca. { $min }
stop-other-by-distance = geschat naar afstand
stop-do = Afkondigen
stop-done = Vastgelegd en op weg naar de server.
stop-lift = { -stop(hoofdletter: "ja") } opheffen
stop-lifting = Opheffen is op weg naar de server.

## Instellingen

tiles-title = Tegels
tiles-order = Favorieten staan vooraan; daarna uw eigen volgorde.
tiles-as-favourite = { $location } als favoriet
tiles-forward = { $location } naar voren
tiles-backward = { $location } naar achteren
rows-title = Rijen op elke tegel
rows-count = { $n } van ten hoogste { $most }
rows-why = Een locatie toont alleen de rijen waarvoor zij bedden heeft.
workstation-title = Deze werkplek
workstation-code-lists = Codelijsten
workstation-agreements = Afspraken van de regio
workstation-no-agreements = geen (agreements.json in de gegevensmap)
workstation-drive-times = Rijtijden
workstation-drive-times-beyond = Van plaatsen die er niet in staan: een schatting naar afstand, eerder te lang dan te kort. De map drive-times in de gegevensmap vervangt ze.
storage-title = Gegevens
storage-whole = Heel bevonden ({ $looked }).
storage-not-looked = Nog niet nagekeken.
storage-unreadable = Niet leesbaar in het logboek
storage-unreadable-kept = Deze regels zijn overgeslagen en bewaard voor herstel.
storage-restore = Zet de reservekopie van { $made } terug
storage-restore-this = Zet terug
storage-restore-title = Reservekopie van het logboek terugzetten
storage-restore-what = Het logboek wordt dat van { $made }. Labels, bevestigingen en wat verder sindsdien op deze werkplek is gedaan, staan daar niet in. Het huidige logboek wordt bewaard, met zijn datum.
storage-restore-when = Dit gebeurt als u Beddenwacht afsluit en opnieuw start.
storage-restore-do = Zet { $made } terug
storage-restore-done = De reservekopie van { $made } komt terug als u Beddenwacht opnieuw start.
storage-chosen = Bij de volgende start komt de reservekopie van { $made } terug. Sluit Beddenwacht af en start opnieuw.
storage-keep = Toch niet terugzetten
storage-copies = Alle reservekopieën ({ $n })
storage-copy-damaged = beschadigd
storage-no-copies = Er is nog geen reservekopie van het logboek.
alarm-settings-title = Meldingen op deze werkplek
alarm-settings-what = meldt { -stop }s en stille levering
alarm-settings-now = { $shift } (nu)
alarm-settings-busyness = drukte
alarm-settings-silent = Wat hier niet meldt, staat wel op het scherm.
alarm-settings-repeat = Een hoge melding klinkt opnieuw na
alarm-settings-metrics = Kwaliteit en betekenis
channels-test = Testmelding
channels-notification = Melding van het systeem: aangenomen door het systeem.
channels-notification-not = Melding van het systeem: niet bevestigd ({ $why }).
channels-sound = Geluid: gestart op het geluidsapparaat.
channels-sound-not = Geluid: niet bevestigd ({ $why }).
channels-screen = Balk op het scherm: u leest hem nu.
rules-title = Andere prioriteit voor bepaalde { -stop }s
rules-order = de bovenste die past telt; daarna geldt de regio
rule-part = Regel { $n }: { $part }
rule-shift = dienst
rule-location = locatie
rule-service = stoppunt
rule-level = soort
rule-priority = prioriteit
rule-every = elke
rule-every-service = elk
rule-both = beide
rule-no-alarm = meldt niet
rule-add = Regel toevoegen
rule-drop = Regel { $n } weghalen

## Bronnen

sources-title = Bronnen
sources-none = Er wordt niets gevolgd.
source-add = Bron toevoegen
source-remove = Niet meer volgen
source-address = Adres van de regionale FHIR-server, of een map met CSV-leveringen
source-sign-in = Aanmelden
source-no-account = zonder account
source-browser = met de browser
source-service = met een dienstaccount
source-basic = met naam en wachtwoord
source-name = Naam
source-client = Client-id
source-password = Wachtwoord
source-secret = Geheim
source-keyring = Dit komt in de sleutelbos van dit systeem en nergens anders.
source-issuer = Adres van de aanmeldserver
source-issuer-hint = leeg: de FHIR-server zegt het zelf
source-own = Eigen organisaties (id’s)
source-own-hint = leeg: geen schaduwgegevens zien
source-test = Test de verbinding
source-connect = Verbinden
source-sign-in-connect = Aanmelden en verbinden
source-in-browser = Meld u aan in de browser die zojuist opende.
source-answers = Er antwoordt: { $found }.
first-start-what = De bedden en de { -seh }'s van uw regio, met de leeftijd van elk getal. Er staan geen patiëntgegevens in.
first-start-practice = Oefenregio openen
first-start-practice-what = De nagebootste regio Zwolle: acht locaties, zeven { -seh }'s. Niets ervan is echt.
first-start-connect = Verbinden met een regio

## Tijden en aantallen

date-and-time = { $day } { $month ->
    [1] jan
    [2] feb
    [3] mrt
    [4] apr
    [5] mei
    [6] jun
    [7] jul
    [8] aug
    [9] sep
    [10] okt
    [11] nov
   *[12] dec
} { $time }
age-ahead = klok loopt voor
age-seconds = { $n } s
age-minutes = { $n } min
age-hours = { $n } u { $minutes }
age-days = { $n } d
ago = { $age } geleden
beds-counted = { $n ->
    [one] { $n } bed
   *[other] { $n } bedden
}
until-at = tot { $at }
until-withdrawn = tot intrekken
nothing = geen
decimal-mark = ,

## Woorden voor toestanden

status-open = open
status-threatened = { -dreigende-stop }
status-stop = { -stop }
status-closed = gesloten
status-unknown = onbekend
band-calm = rustig
band-normal = normaal
band-busy = druk
band-very-busy = zeer druk
band-overcrowded = overvol
band-disrupted = ontwricht
kind-specialised = Specialistisch
kind-specialty = Specialisme
kind-surgical = Snijdend/beschouwend
kind-covid = Covidcapaciteit
kind-patient = Patiënttype

## Wat een bron antwoordt

source-error-address = Het adres klopt niet.
source-error-certificate = Het certificaat van de server wordt niet vertrouwd.
source-error-denied = De server kent u, maar weigert (403), vaak omdat dit adres (IP) niet is toegelaten: vraag de beheerder van de regio.
source-error-sign-in-needed = De server vraagt om aanmelden: kies bij de bron hoe u zich aanmeldt.
source-error-sign-in-revoked = De aanmelding is verlopen of ingetrokken: meld u opnieuw aan bij Instellingen, Bronnen.
source-error-sign-in-client = De aanmeldserver weigert deze toepassing: laat de beheerder client-id en geheim nakijken.
source-error-sign-in-password = De naam of het wachtwoord klopt niet: vul ze opnieuw in bij Instellingen, Bronnen.
source-error-sign-in-clock = De klok van deze werkplek loopt niet gelijk, daarom wordt de aanmelding geweigerd: zet de klok goed.
source-error-sign-in-keyring = De sleutelbos van dit systeem antwoordt niet: ontgrendel hem of vraag ICT.
source-error-sign-in-no-endpoints = De server zegt niet waar u zich kunt aanmelden: vul het adres van de aanmeldserver in.
source-error-sign-in-abandoned = De browser kwam niet terug: probeer het aanmelden nog eens.
source-error-busy = De server is overbelast.
source-error-failing = De server heeft een storing.
source-error-not-fhir = Er antwoordt iets anders dan de regionale server, bijvoorbeeld een aanmeldpagina.
source-error-gone = De server bewaart de geschiedenis niet zo lang.
source-error-unreachable = De server is niet bereikbaar.
source-connecting = verbinden…
source-answered = { $age } geleden geantwoord
source-silent = geen antwoord sinds { $since }. { $why }
source-with-password = { $user }, met wachtwoord
source-service-account = dienstaccount { $client }
source-by-browser = aanmelden met de browser
source-folder = map { $name }
folder-empty = { $folder }: nog geen CSV-bestand
folder-found = een map met { $n ->
    [one] { $n } CSV-bestand
   *[other] { $n } CSV-bestanden
}, kolommen volgens { $mapping }
list-proposed = { $list }, voorstel
language-title = Taal

## De meldingencatalogus

alarm-seh-stop-name = SEH-stop
alarm-seh-stop-cause = Een bewaakte SEH kondigt een stop af
alarm-seh-stop-consequence = Ambulances rijden naar een SEH die niet kan ontvangen
alarm-seh-stop-response = Bel de regiehouder; wijs de dichtstbijzijnde open SEH; levensbedreigend blijft welkom
alarm-service-stop-name = Stop van een voorziening
alarm-service-stop-cause = CT, CCU, EHH of shockroom van een bewaakte locatie in stop
alarm-service-stop-consequence = Een patiënt komt waar de behandeling niet kan
alarm-service-stop-response = Stem met de meldkamer af waar deze patiënten heen gaan
alarm-threatened-stop-name = Dreigende stop
alarm-threatened-stop-cause = Een bewaakte locatie verwacht een stop
alarm-threatened-stop-consequence = De stop komt onverwacht
alarm-threatened-stop-response = Bel de regiehouder vóór insturen
alarm-feed-silent-name = Levering stil
alarm-feed-silent-cause = Een locatie levert langer dan twee rondes niets
alarm-feed-silent-consequence = Getallen verouderen zonder dat iemand het merkt
alarm-feed-silent-response = Bel voor de actuele stand; meld het bij ICT van het ziekenhuis
alarm-feed-lost-name = Geen verbinding
alarm-feed-lost-cause = De regionale server antwoordt langer dan een ronde niet
alarm-feed-lost-consequence = Geen zicht op stops en bedden
alarm-feed-lost-response = Werk met de laatst bekende stand en de telefoon; meld het bij ICT
alarm-not-sent-name = Stop niet verstuurd
alarm-not-sent-cause = Een stop die hier is afgekondigd of opgeheven, is na tien seconden niet door de server aanvaard
alarm-not-sent-consequence = Wie hem afkondigde denkt dat de regio het weet
alarm-not-sent-response = Bel de regiehouder; verstuur opnieuw of trek in op de werklijst
alarm-storage-name = Opslag
alarm-storage-cause = Een gegevensbestand is beschadigd of neemt niets aan
alarm-storage-consequence = Wat hier gebeurt wordt niet bewaard
alarm-storage-response = Meld het bij ICT; noteer labels en stops op papier
alarm-clock-name = Klok
alarm-clock-cause = De klok van deze werkplek versprong of wijkt af van de server
alarm-clock-consequence = Leeftijden en eindtijden kloppen niet
alarm-clock-response = Laat ICT de tijd van deze werkplek gelijkzetten
alarm-busyness-name = Drukte
alarm-busyness-cause = Een SEH waarvoor dat gevraagd is, is zeer druk volgens haar eigen half jaar
alarm-busyness-consequence = Een stop dreigt zonder aankondiging
alarm-busyness-response = Bel de regiehouder en vraag wat er komt
alarm-chattering-name = Wisselt
alarm-chattering-cause = Een bron wisselt drie keer of vaker in een minuut
alarm-chattering-consequence = Iemand raakt eraan gewend en hoort de echte stop niet
alarm-chattering-response = Bel de locatie en vraag wat er nu geldt
delay-on = aan na { $n } s
delay-off = uit na { $n } s
delay-deadband = dode band { $n }
delay-none = meteen
metrics-period = de laatste 24 uur
measure-average = gemiddeld per 10 minuten
measure-peak = drukste 10 minuten
measure-flood = tijd in een vloed
measure-day = per dag
measure-split = hoog / midden / laag
measure-top = aandeel van de tien drukste bronnen
measure-chatter = wisselende bronnen
measure-acknowledge = tijd tot bevestigen, mediaan
aim-average = ongeveer 1
aim-peak = onder 10
aim-flood = onder 1 %
aim-day = tot 150, hoogstens 300
aim-top = 1 tot 5 %
aim-acknowledge = zo kort als kan

## Wat een melding zegt

always-welcome = Levensbedreigend: altijd welkom.
alarm-service-in-stop = { $service }-stop
alarm-service-threatened = Dreigende { $service }-stop
alarm-call-first = Bel de regiehouder vóór insturen.
alarm-nearest-open = { always-welcome } Dichtstbijzijnde open SEH: { $name }, ca. { $band } min.
alarm-unknown-hospital = onbekend ziekenhuis, { $place }
alarm-silent-since = geen levering sinds het genoemde tijdstip
alarm-silent-ahead = het genoemde tijdstip van de levering ligt in de toekomst
alarm-silent-ever = nog nooit geleverd
alarm-silent-advice = Bel voor de actuele stand.
alarm-lost-what = Geen verbinding met
alarm-lost-advice = U ziet de laatst bekende stand. Bel voordat u een patiënt verplaatst.
alarm-forgotten-where = de regio
alarm-forgotten-reason = welke regio deze werkplek volgt, is met het logboek verloren gegaan
alarm-forgotten-advice = Kies de regio opnieuw: Instellingen (8). Bel voordat u een patiënt verplaatst.
alarm-clock-where = van deze werkplek
alarm-clock-ahead = loopt { $min } min voor op de server
alarm-clock-behind = loopt { $min } min achter op de server
alarm-storage-where = Deze werkplek
alarm-storage-advice = Meld dit bij ICT.
alarm-storage-restore = Zet een reservekopie terug: Instellingen (8), Gegevens. Meld dit bij ICT.
alarm-storage-paper = Schrijf mee op papier. Meld dit bij ICT.
alarm-storage-restored = Kijk na wat sindsdien is gedaan: labels, bevestigingen, stops.
alarm-not-sent-what = Stop niet verstuurd:
alarm-not-sent-silent = de server antwoordde niet
alarm-not-sent-more = { $why }; { $n } in totaal
alarm-not-sent-late = te laat om nog te versturen
alarm-not-sent-advice = De regio weet het niet. Bel; zie de werklijst.
alarm-busy-what = Drukke SEH
alarm-busy-reason = drukker dan { $percent } % van het eigen half jaar
alarm-chatter-what = { $what } wisselt:
alarm-chatter-reason = drie keer of vaker in een minuut begonnen en geëindigd
alarm-chatter-advice = Bel en vraag wat er nu geldt.
notification-since = Sinds { $at }
notification-until = verwacht tot { $at }
notification-end-unknown = einde onbekend
notification-call = Bel { $phone }
notification-flood = Veel meldingen tegelijk
notification-flood-body = Tien of meer in tien minuten. Kijk op de meldingenlijst; de hoge staan er één voor één.
notification-many-standing = Veel onbevestigde meldingen
notification-many-standing-body = Tien of meer staan nog open. Kijk op de meldingenlijst.
notification-over = Over tijd: { $what }
notification-ending = Loopt bijna af: { $what }
notification-not-lifted = Niets heft een stop op behalve het ziekenhuis.
notification-test = Testmelding
notification-test-body = Dit is een test. Er is geen stop.
notification-server-silent = de meldingendienst antwoordt niet
sound-device-silent = het geluidsapparaat antwoordt niet
tray-open = Beddenwacht tonen
tray-none = Beddenwacht: geen open meldingen
tray-count = Beddenwacht: { $n } niet bevestigd
row-overdue = Sinds { $since }, over tijd (verwacht tot { $end }).
row-until = Sinds { $since }, verwacht tot { $end }.
row-since = Sinds { $since }.
row-over = Voorbij { $at }
row-over-unknown = Voorbij
row-raised = Niemand bevestigde: verhoogd.
row-shelved = Op de plank tot { $until } door { $by }: { $reason }
row-suppressed = Onderdrukt door regel: { $rule }
row-chattering = wisselt, zie de gezamenlijke melding
row-out-of-service = Buiten dienst door { $by }: { $reason }
row-acknowledged = Bevestigd { $at } door { $by }.
row-elsewhere = Elders bevestigd door { $who }.
flood-count = { $n } meldingen in tien minuten

## De verbinding en deze werkplek

connection-none = Geen regio gekozen
connection-no-state = er is nog geen stand
connection-state-of = u ziet de stand van { $at }
connection-offline = Offline sinds { $since } — { $seen }. { $why }
connection-source-offline = { $source } sinds { $since }. { $why }
connection-some-offline = { $n } van { $of } bronnen offline: { $which }
connection-starting = Verbinden…
connection-late = Vertraagd · { $age }
connection-live = Live
note-muted = Geluid staat uit: het geluidsapparaat is gedempt of op nul.
note-held-back = Dit systeem houdt meldingen tegen (niet storen): let op deze lijst.
note-silent-device = Geluid antwoordt niet: er is misschien niets te horen.
note-silent-server = Meldingen van het systeem antwoorden niet: let op deze lijst.
note-no-notifications = Meldingen van het systeem werken niet: let op deze lijst.
note-no-sound = Geluid ontbreekt: er is geen werkend geluidsapparaat.
note-restarted = Een onderdeel viel uit en is opnieuw gestart ({ $task }, { $n } keer). Meld dit bij ICT.
note-ended = De vorige sessie eindigde onverwacht, laatst gezien { $at }.
note-stuck = Beddenwacht antwoordt niet meer: sluit af en start opnieuw, en bel tot dan.
notification-stuck = Beddenwacht antwoordt niet meer
storage-set-aside = Logboek was beschadigd en is bewaard als { $detail }
storage-rebuilt = Regiogegevens waren beschadigd en worden opnieuw opgehaald
storage-in-memory = Schijf niet bruikbaar: gegevens staan alleen in het geheugen
storage-not-writable = De schijf neemt niets meer aan: wat nu gebeurt, wordt niet bewaard
storage-no-backup = Van het logboek kon geen reservekopie worden gemaakt
storage-unreadable-file = niet leesbaar: { $detail }
storage-unreadable-alarms = { $n } meldingen in het logboek zijn niet leesbaar; ze zijn bewaard voor herstel
storage-ledger-in-memory = Het logboek kan niet worden geschreven: wat u nu doet, is weg als Beddenwacht stopt
storage-not-restored = De gekozen reservekopie is niet teruggezet: zij is niet bruikbaar
storage-restored = De reservekopie van { $made } is teruggezet; het vorige logboek is bewaard als { $detail }
storage-damaged = Het logboek is beschadigd; { $offer }
storage-unreadable-rows = In het logboek is niet leesbaar: { $rows }; { $offer }
storage-no-offer = er is geen bruikbare reservekopie
storage-offer = de reservekopie van { $made } kan worden teruggezet
rows-labels = labels
rows-sets = sets
rows-label-time = tijd van het labelen
rows-settings = instellingen
rows-outbox = te verzenden
rows-alarms = meldingen
rows-alarm-events = verloop van meldingen
rows-journal = auditspoor

## Wat de tegels en de locatie zeggen

tag-no-connection = geen verbinding
tag-shadow = schaduw, telt niet mee
tag-double = dubbel, ook van { $source }; telt één keer
tag-no-seh = geen { -seh }
named-shadow = { $name } · schaduw, telt niet mee
point-stop = STOP { $service }
point-threatened = DREIGENDE STOP { $service }
point-since = sinds { $at }
point-since-unknown = begin onbekend
point-overdue = { $since }, over tijd: verwacht was { $end }
point-until = { $since }, verwacht tot { $end }
point-end-unknown = { $since }, einde onbekend
point-closed = buiten openingstijd; geen stop
point-unknown = geen recente levering: bel
point-also = ook: { $reasons }
meter-recomputed = { $variant } herberekend
meter-busier = drukker dan { $percent } % van het half jaar
score-delivered = geleverd
score-recomputed = herberekend
term-crowding = patiënten per plek
term-boarding = wachtend op opname
term-boarding-of = { $n } / { $of } bedden
term-ventilated = beademd
term-urgency = hoogste urgentie
term-longest = langste wacht op opname
term-door-to-bed = deur tot bed
term-hours = { $n } u
term-constant = constante
process-measured = Gemeten
process-missing = niet aangeleverd
confirmed-by-phone = { $at } telefonisch bevestigd door { $by }: { $n } vrij
free-proved = ‘vrij’ klopte { $n } van { $of } keer (30 dagen)
stop-blocked = Geen verbinding: er is niets afgekondigd.
stop-blocked-call = { stop-blocked } Bel { $phone }.

## Wat de bedden zeggen

ward-none = Zonder afdeling
bed-is = { $bed }: { $state }
bed-was = sinds { $since }: { $state }
bed-by-hand = handmatig door { $author } { $until }
bed-by-hand-because = { bed-by-hand }: { $reason }
bed-by-hand-over = { bed-by-hand } ({ $reason }); EPD: { $was }
bed-delivered-as = geleverd als { $codes }
bed-source-region = regio
bed-source-hand = handmatig, zo geleverd
bed-source-epd = EPD
code-not-delivered = niet geleverd
code-active = in gebruik
code-suspended = geblokkeerd
code-inactive = bestaat niet meer
code-not-understood = niet begrepen
code-empty = leeg
code-occupied = patiënt in bed
code-cleaning = wordt schoongemaakt
code-contaminated = besmet
code-isolation = isolatie
code-closed = gesloten
code-not-free = niet begrepen: telt niet als vrij
code-unknown = onbekend: telt niet als vrij
code-reservation = bed-reservering
code-reservation-means = telt als bezet zolang het begin vóór 10:00 ligt
code-blocked = bed-blokkade
code-blocked-means = reden van de blokkade

## Wat de labels zeggen

label-none = geen label
label-change = { $was } → { $is }
label-times = { $n } × { $what }
label-by-hand-of = { $n } × handmatig door { $who }
label-more-specialised = { $n } van deze bedden zijn volgens het EPD meer gespecialiseerd: { $element }
label-rule-specialised = Passen er meer, neem dan het meest gespecialiseerde element.
label-rule-covid = Waarvoor het bed is ingericht, niet wie erin ligt.
label-agreed = EPD zegt nu hetzelfde
set-more = { $names } en { $n } meer
set-touches = { $places }: { $beds } → { $element }
set-until-off = tot hij uitgaat
set-daily = elke dag { $from } – { $until }
sheet-labels = Handmatige labels

## Wat de werklijst zegt

work-unsent = Nog niet door de server aanvaard
work-contradicts = Het EPD veranderde onder het label
work-ending = Loopt binnen een uur af
work-ended = Afgelopen in de laatste 24 uur
work-missing = Bedden zonder verplicht label
work-dissolved = Vandaag opgelost: het EPD zegt nu hetzelfde
work-given-by = { $n } × { $element }, door { $author }
work-epd-said = EPD zei { $was }, zegt nu { $is }
work-ended-at = liep af om { $at }
work-ends-at = loopt af om { $at }
work-without = { $n } × geen { $kind }
work-here = hier: { $element }, door { $author } om { $at }
work-on-server = op de server: { $element }, door { $author } om { $at }
work-refused = de server weigert: { $why }
work-waiting = { $n ->
    [one] { $n } label wacht op verzending
   *[other] { $n } labels wachten op verzending
}
work-last-attempt = laatste poging: { $why }
work-stop = Stop · { $hospital }
work-stop-given = gegeven om { $at }
work-stop-call = De regio weet het niet: bel { $phone }
work-acknowledgement = Gezien: stop · { $hospital }
work-confirmation = Bevestiging · { $hospital }
work-today = vandaag
work-time = { $day }: { $n } keer, { $beds }, { $min } min { $s } s
outbox-overtaken-by = { $who } koos intussen { $element }
outbox-overtaken = iemand anders heeft dit intussen gewijzigd
outbox-denied = dit account mag dit niet schrijven
outbox-gone = dit bestaat daar niet meer

## Wat er mis is in leveringen

defect-silent = levert niet (meer)
defect-unknown-status = bed met onbekende status
defect-unknown-code = onbekende code
defect-missing-label = bed zonder verplicht label
defect-occupied-in-closed-ward = bezet bed in gesloten afdeling
defect-ward-as-bed = afdeling als bed geleverd
defect-more-patients-than-capacity = meer patiënten dan bedden
defect-stop-without-location = stop zonder ziekenhuis dat in gebruik is
defect-stop-location-closed = { $service }-stop van een ziekenhuis dat niet in gebruik is
defect-stop-location-unknown = { $service }-stop van een onbekend ziekenhuis
defect-patient-data = verwijzing naar een persoon, verwijderd
defect-unknown-resource = soort bericht dat niet wordt gelezen
defect-malformed = niet leesbaar
defect-missing = ontbrekend gegeven
defect-time-in-future = tijdstip in de toekomst
defect-bed-in-two-rooms = één bed in twee kamers
defect-hidden = niet voor deze werkplek
defect-older-version = oudere versie, niet toegepast
defect-unresolved-reference = verwijzing naar iets dat niet is geleverd
defect-parameter-ignored = vraag door de server genegeerd
defect-type-refused = soort gegevens die de server weigert
defect-shrunk = levering met minder dan de helft van de bedden, niet toegepast
defect-patients = { $patients } patiënten op { $capacity } bedden
defect-closed-ward = patiënt in een gesloten afdeling
defect-codes = status { $status }, operationalStatus { $operational }
defect-nothing = niets
defect-without = geen { $kind }
defect-shrunk-by = { $site }: { $named } bedden in plaats van { $before }; niet toegepast
defect-holds-places = { $place } is als bed geleverd, maar er zitten plaatsen in: niet als bed geteld
defect-not-delivered = { $place } is (nog) niet geleverd
defect-older = { $n } ouder dan wat we al hadden; niet toegepast
element-unknown = { $element } (onbekend)
account-may-not-label = Dit account mag bij { $site } geen labels geven.
