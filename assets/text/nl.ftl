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
region-totals-head = Regio, vrij → { -aanbod }
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
alarms-flood-grouped = { $n } midden en laag samengenomen; de hoge staan hieronder één voor één.
alarms-fold = Neem samen
alarms-unfold = Toon alle
alarms-silent = Geluid stil, nog { $s } s
alarms-silence = Stil 2 min
alarms-shift = dienst { $shift }
alarms-none = Geen meldingen.
alarm-standing = al { $age }
alarm-acknowledge = Bevestig
alarm-show = Toon
alarm-shelve = Plank
alarm-unshelve = Van de plank
alarm-into-service = In dienst
shelve-title = Op de plank: { $alarm }
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
metrics-above = ◇ erboven
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
stop-other-drive = ± { $min } min
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
