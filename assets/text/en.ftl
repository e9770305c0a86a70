# Every sentence of Beddenwacht in English. Keys and arguments are those of nl.ftl; a missing one is shown in Dutch.

## Terms

-stop = { $capital ->
    [yes] Stop
   *[no] stop
}
-threatened-stop = impending stop
-ed = ED
-held-back = held back
-offer = offer

## Everywhere

age-old = { $age } old
close = Close
cancel = Cancel
written = Written: { $path }
phone-unknown = No number is known here.
phone-copied = Copied: { $phone }
phone-not-copied = Not copied; the number is { $phone }
beds-taken-back = { $n ->
    [one] { $n } bed put back
   *[other] { $n } beds put back
}
unknown = unknown
never = never
seconds = s
and = {" "}and{" "}

## Errors

error-storage = Not saved: the disk does not take it.
error-not-found = This does not exist (any more).
error-invalid = That cannot be done like this.
error-offline = No connection: nothing was sent.
error-refused = The server refuses this.
error-not-allowed = This account may not do that here.
error-not-from-here = That cannot be done from this state.
error-unreadable = Not readable.
error-other = Something went wrong; see the log.

## Screens

screen-region = Region
screen-location = Location
screen-beds = Beds
screen-worklist = Worklist
screen-alarm-metrics = Quality of the alarms
screen-data-quality = Data quality
screen-settings = Settings

## Keys

keys-title = All keys
keys-everywhere = Everywhere
key-name-arrows = arrows
key-name-shift-arrows = Shift + arrows
key-name-space = space
key-name-escape = Esc
key-screen = screen { $screen }
key-tab = to the next
key-enter = open
key-back = back
key-filter = filter the locations
key-copy = copy the phone number
key-wall = wall: only region and alarms, larger
key-acknowledge = acknowledge the chosen alarm
key-next-alarm = choose the next alarm
key-shelve = shelve the alarm, with a reason
key-silence = sound off, two minutes at most
key-take-over = take over the shift
key-night = night or day
key-undo = take back the last label
key-sheet = this overview
key-region-move = to a tile
key-location-beds = beds of this location
key-location-stop = announce a { -stop }
key-beds-move = to a bed
key-beds-extend = choose more beds
key-beds-room = the whole room
key-beds-ward = the whole ward
key-beds-detail = everything about this bed
key-beds-label = give a label; 1–9 chooses what was given last

## Busyness meter

meter-unknown = ? busyness unknown
meter-ago = { $variant } of { $age } ago
meter-title = Busyness meter
meter-3h = last 3 hours
meter-3h-chart = Busyness in the last three hours
meter-24h = last 24 hours
meter-24h-chart = Busyness in the last 24 hours
meter-no-terms = As the server delivers it; the terms stand with the recomputed number.

## Region

region-filter = Filter
region-filtered = { $n } of { $of } locations
region-totals = Total of the region, only what is current
region-totals-head = Region, free → { -offer }
region-total-why = { $name }: { $from } of { $of } locations counted; the state of { $unknown } beds is unknown
region-total-from = { $from } of { $of } locations
region-total-unknown = + { $n } unknown
region-none-fits = No location with this name.
region-empty = There is no state of this region yet. As soon as the server answers, the locations stand here.
tile-favourite = favourite
tile-no-meter = busyness: not delivered
tile-no-seh = No { -ed }
tile-beds = beds
tile-free = free
tile-held-back = { -held-back }
tile-held-back-short = held
tile-held-back-why = { -held-back }: under the threshold
tile-offer = { -offer }
tile-unknown-beds = the state of { $n } beds is unknown
tile-no-rows = no beds of the chosen rows
tile-no-phone = no number known

## Top bar and bottom strip

bar-screens = Screens
bar-leave-wall = W back to the desk
bar-heard = { " " }· { $seconds } s old
bar-night = ☾ night
bar-day = ☀ day
bar-night-why = Night or day (N)
bar-keys-why = All keys (?)
strip-coverage = <b>{ $current } of { $of }</b> locations current
strip-offline = <b>offline since { $since }</b>: nothing comes in any more
strip-waiting = <b>{ $n }</b> waiting to be sent
strip-troubled = <b>{ $n }</b> waiting for your decision (T): { $first }
strip-complete = last complete state { $time }
strip-welcome = In mortal danger every { -ed } is open, also during a { -stop }
practice-course = Course
practice-unplug = Pull the plug
practice-plug = Put the plug in
practice-region = PRACTICE REGION
scenario-tour = first acquaintance
scenario-calm = ordinary day
scenario-flu-wave = flu wave
scenario-stop-storm = { -stop } storm
scenario-power-cut = power cut at Isala
scenario-feed-loss = deliveries fail
scenario-harmonica = harmonica wards

## Alarms

alarms-title = Alarms
alarms-head = ALARMS
alarms-open = { $n } unacknowledged
alarms-shelved = · { $n } shelved
alarms-flood = Many alarms: { $flood }.
alarms-flood-grouped = { $n } medium and low taken together; the high ones stand below one by one.
alarms-fold = Take together
alarms-unfold = Show all
alarms-silent = Sound off, { $s } s left
alarms-silence = Off 2 min
alarms-shift = shift { $shift }
alarms-none = No alarms.
alarm-standing = { $age } already
alarm-acknowledge = Acknowledge
alarm-show = Show
alarm-shelve = Shelve
alarm-unshelve = Unshelve
alarm-into-service = Into service
shelve-title = Shelve: { $alarm }
shelve-reason = Reason
shelve-how-long = How long
shelve-15-min = 15 minutes
shelve-1-hour = 1 hour
shelve-4-hours = 4 hours
shelve-12-hours = 12 hours
shelve-for-good = out of service, until somebody puts it into service again (administrator)
shelve-stays = The alarm does not come back by itself, not even when it gets worse.
shelve-comes-back = The alarm comes back by itself, and sooner when it gets worse.
shelve-do = Shelve
take-over-title = Take over the shift
take-over-open = Not acknowledged
take-over-shelved = Shelved
take-over-acknowledged = Acknowledged and still going on
take-over-suppressed = Suppressed or out of service
take-over-who = Who is on duty now
take-over-do = Take over
take-over-done = { $name } is on duty.
priority-high = high
priority-medium = medium
priority-low = low
metrics-measure = measure
metrics-value = value
metrics-aim = aim
metrics-within = ○ within
metrics-above = ◇ above
metrics-chart = Alarms in each ten minutes
metrics-chart-caption = alarms in each ten minutes; the line is a flood
metrics-export = Write the alarm journal (CSV)
metrics-busiest = Busiest sources
metrics-no-alarms = No alarms yet.
metrics-stale = Longer than a day
metrics-none = None.
metrics-meaning = What every alarm means
metrics-consequence = Consequence: { $text }.
metrics-response = To do: { $text }.

## Data quality

data-quality-for = what is wrong with the deliveries, for the hospital's IT
data-quality-location = Location
data-quality-head-location = location
data-quality-all = all
data-quality-export = Export all of this (CSV)
data-quality-asking = One moment…
data-quality-none = Nothing is wrong with the deliveries.
data-quality-what = what
data-quality-count = number
data-quality-since = since
data-quality-where = where, for example

## Beds

bed-free = free
bed-occupied = occupied
bed-reserved = reserved
bed-preparing = in preparation
bed-isolation = isolation
bed-blocked = blocked
bed-unknown = unknown
bed-manual = manual label
beds-back = Back to the location
beds-all = all
beds-free = free { $n }
beds-unlabelled = without label { $n }
beds-manual = manual { $n }
beds-blocked = blocked { $n }
beds-label = Label
beds-detail = This bed
beds-may-not-label = this account does not label here
beds-ward = free { $free } of { $of }
beds-none-fits = No beds that fit this.
bed-title = Bed
bed-delivered = as delivered
bed-read-as = read as
bed-labels = Labels
bed-under = under it, by the record: { $label }
bed-no-labels = No labels delivered.
bed-history = The last 24 hours
bed-raw = Message as received, without patient data

## Labels

label-title = Give a label · { $n ->
    [one] { $n } bed
   *[other] { $n } beds
}
label-classification = Classification
label-element = Element
label-element-hint = type a part of the name, or the digit below
label-reason = Reason
label-reason-hint = for example harmonica position 2
label-until = Valid until
label-or-until = or until
until-shift = end of the shift
until-next-ten = next 10:00
until-day = 24 hours
until-week = 7 days
until-open = until I take it back
label-as-set = Keep as a set, to switch on and off in one go
label-set-name = Name
label-set-name-hint = harmonica position 2
label-daily = Every day
label-from = from
label-to = to
label-already = { $n } × so already
label-valid-until = valid until { $until }
label-valid-open = valid until somebody takes it back
label-take = Take { $element }
label-overwrites = { $what }: is overwritten
label-set-line = Set: { $line }
label-set-single = { $n } labelled singly: { $some }
label-over-single = label those too
label-choose = Choose an element.
label-none-fits = No element with this name.
label-keep-set = Keep the set
label-give = Give label
label-set-on = Set { $name } is on.
label-given = { $n ->
    [one] { $n } bed
   *[other] { $n } beds
}: { $element }. Undo: Ctrl Z
work-label = Give label
work-keep = Keep label
work-let-go = Let go of label
work-extend = Another 24 hours
work-repeat = Repeat
work-mine = This workstation
work-theirs = As on the server
work-retry = Send again
work-withdraw = Withdraw
work-nothing = There is nothing to do: every bed has its labels and everything was sent.
sets-title = Sets
sets-none = No sets yet. Choose beds on the bed map, press L and keep as a set.
set-by = { $when } · by { $author }
set-single-stay = { $n } labelled singly stay so: { $some }
set-conflict = Already in another set: { $conflict }
set-on = ■ on
set-off = ○ off
set-drop = Remove
epd-title = To the hospital record
epd-export = Write today's labels (CSV and XLSX)
epd-advice = { $location } · { $department }: { $n } beds { $what }, by hand since { $since }. <b>Let the record deliver this.</b>
epd-none = Nothing has been labelled by hand for longer than two weeks.
label-cost-title = What labelling costs
label-cost-none = Nothing measured yet.
label-cost-share = my name may stand beside the time

## Location

location-back = ‹ { screen-region }
location-delivered = delivered { $time } · { age-old }
location-stops = { -stop(capital: "yes") }s
location-agreed = Agreed
location-no-seh = This location has no { -ed }.
location-process = Process information
location-wards = Wards
capacity-title = Capacity
capacity-total = { $free } free of { $of }; { $unknown } unknown
capacity-element = element
capacity-of = of
capacity-called = Called
capacity-none = Not delivered.
capacity-proved = When somebody called: { $how }.
contact-title = Contact
contact-on-duty = · on duty now
contact-off-duty = · not now
contact-no-phone = no number
contact-copy = Copy
contact-none = No numbers delivered.
documents-title = Documents of the region
confirm-title = Called: { $element }, { $location }
confirm-shown = On the screen: { $free } free.
confirm-shown-unknown = On the screen: { $free } free; the state of { $n } beds is unknown.
confirm-actual = Really free
confirm-beside = This stands beside the delivered number and does not change it.
confirm-do = Confirm
confirm-done = Confirmed; the other workstations see it too.
stop-announce = Announce a { -stop }
stop-title = { stop-announce } · { $location }
stop-what = What
stop-level = How far
level-threatened = { -threatened-stop }
level-stop = { -stop }
stop-minutes = Expected, minutes
stop-reasons = Reasons, the most important first
stop-note = Explanation, without patient data
stop-other-score = busy { $score }
stop-other-drive = ± { $min } min
stop-do = Announce
stop-done = Recorded and on its way to the server.
stop-lift = Lift the { -stop }
stop-lifting = Lifting is on its way to the server.

## Settings

tiles-title = Tiles
tiles-order = Favourites stand first; then your own order.
tiles-as-favourite = { $location } as favourite
tiles-forward = { $location } forward
tiles-backward = { $location } backward
rows-title = Rows on every tile
rows-count = { $n } of { $most } at most
rows-why = A location shows only the rows for which it has beds.
workstation-title = This workstation
workstation-code-lists = Code lists
workstation-agreements = Agreements of the region
workstation-no-agreements = none (agreements.json in the data folder)
storage-title = Data
storage-whole = Found whole ({ $looked }).
storage-not-looked = Not looked through yet.
storage-unreadable = Not readable in the ledger
storage-unreadable-kept = These rows are skipped and kept for repair.
storage-restore = Put the copy of { $made } back
storage-restore-this = Put back
storage-restore-title = Put a copy of the ledger back
storage-restore-what = The ledger becomes that of { $made }. Labels, acknowledgements and whatever else was done at this workstation since is not in it. The present ledger is kept, with its date.
storage-restore-when = This happens when you close Beddenwacht and start it again.
storage-restore-do = Put { $made } back
storage-restore-done = The copy of { $made } comes back when you start Beddenwacht again.
storage-chosen = At the next start the copy of { $made } comes back. Close Beddenwacht and start it again.
storage-keep = Leave it as it is
storage-copies = All copies ({ $n })
storage-copy-damaged = damaged
storage-no-copies = There is no copy of the ledger yet.
alarm-settings-title = Alarms at this workstation
alarm-settings-what = raises { -stop }s and silent deliveries
alarm-settings-now = { $shift } (now)
alarm-settings-busyness = busyness
alarm-settings-silent = What raises no alarm here still stands on the screen.
alarm-settings-repeat = A high alarm sounds again after
alarm-settings-metrics = Quality and meaning
channels-test = Test alarm
channels-notification = Notification of the system: taken by the system.
channels-notification-not = Notification of the system: not confirmed ({ $why }).
channels-sound = Sound: started on the audio device.
channels-sound-not = Sound: not confirmed ({ $why }).
channels-screen = Strip on the screen: you are reading it now.
rules-title = Another priority for certain { -stop }s
rules-order = the first that fits counts; then the region holds
rule-part = Rule { $n }: { $part }
rule-shift = shift
rule-location = location
rule-service = stop point
rule-level = kind
rule-priority = priority
rule-every = every
rule-every-service = every
rule-both = both
rule-no-alarm = no alarm
rule-add = Add a rule
rule-drop = Remove rule { $n }

## Sources

sources-title = Sources
sources-none = Nothing is followed.
source-add = Add a source
source-remove = Stop following
source-address = Address of the regional FHIR server, or a folder with CSV deliveries
source-sign-in = Sign in
source-no-account = without account
source-browser = with the browser
source-service = with a service account
source-basic = with name and password
source-name = Name
source-client = Client id
source-password = Password
source-secret = Secret
source-keyring = This goes into this system's keyring and nowhere else.
source-issuer = Address of the sign-in server
source-issuer-hint = empty: the FHIR server says so itself
source-own = Own organisations (ids)
source-own-hint = empty: see no shadow data
source-test = Test the connection
source-connect = Connect
source-sign-in-connect = Sign in and connect
source-in-browser = Sign in in the browser that has just opened.
source-answers = Answers: { $found }.
first-start-what = The beds and the { -ed }s of your region, with the age of every number. There are no patient data in it.
first-start-practice = Open the practice region
first-start-practice-what = The simulated region of Zwolle: eight locations, seven { -ed }s. None of it is real.
first-start-connect = Connect to a region
