# Every sentence of Beddenwacht in English. Keys and arguments are those of nl.ftl; a missing one is shown in Dutch.

## Terms

-stop = { $capital ->
    [yes] Stop
   *[no] stop
}
-threatened-stop = impending stop
-seh = SEH
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
error-changed = This alarm has just changed. Look, then acknowledge again.
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
region-totals-head = Region, offered (free)
region-sehs = { -seh }: { $open } of { $of } open
region-sehs-threatened = { $n } impending
region-sehs-stop = { $n } in stop
region-sehs-closed = { $n } closed
region-sehs-unknown = { $n } unknown
region-total-why = { $name }: { $from } of { $of } locations counted; the state of { $unknown } beds is unknown
region-total-from = { $from } of { $of } locations
region-total-unknown = + { $n } unknown
region-none-fits = No location with this name.
region-empty = There is no state of this region yet. As soon as the server answers, the locations stand here.
tile-favourite = favourite
tile-no-meter = busyness: not delivered
tile-no-seh = No { -seh }
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
bar-no-operator = Who is on duty?
bar-no-operator-why = Nobody has taken over here yet; what is done is kept in the name of ‘?’ (O)
bar-night-why = Night or day (N)
bar-keys-why = All keys (?)
strip-coverage = <b>{ $current } of { $of }</b> locations current
strip-offline = <b>offline since { $since }</b>: nothing comes in any more
strip-waiting = <b>{ $n }</b> waiting to be sent
strip-troubled = <b>{ $n }</b> waiting for your decision (T): { $first }
strip-complete = last complete state { $time }
strip-welcome = In mortal danger every { -seh } is open, also during a { -stop }
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
alarms-flood-grouped = { $n } medium and low taken together; the high ones stand above one by one.
alarms-fold = Take together
alarms-unfold = Show all
alarms-silent = Off, { $s } s left
alarms-silence = Off 2 min
alarms-shift = shift { $shift }
alarms-none = No alarms.
alarms-now = Now
alarms-acknowledged = Acknowledged
alarms-over = Over
alarms-new-above = ▲ { $n } new
alarms-new-below = ▼ { $n } new
alarms-acknowledge-over = Acknowledge all that are over
alarm-acknowledge-all = Acknowledge { $n }
alarm-too-new = Not acknowledged: { $alarm } has only just come here. Look, and press again.
alarm-was-out-of-sight = Not acknowledged: { $alarm } was out of sight. Look, and press again.
alarm-standing = { $age } already
alarm-acknowledge = Acknowledge
alarm-show = Show
alarm-shelve = Shelve
alarm-unshelve = Unshelve
alarm-into-service = Into service
shelve-title = Shelve: { $alarm }
shelve-which = Which
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
metrics-above = ▲ above
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
location-no-seh = This location has no { -seh }.
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
stop-other-drive = about { $band } min
stop-other-siren = with siren about { $min }
stop-other-by-distance = estimated by distance
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
workstation-drive-times = Drive times
workstation-drive-times-beyond = For places that are not among them: an estimate by distance, rather too long than too short. The folder drive-times in the data folder replaces them.
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
first-start-what = The beds and the emergency departments ({ -seh }s) of your region, with the age of every number. There are no patient data in it.
first-start-practice = Open the practice region
first-start-practice-what = The simulated region of Zwolle: eight locations, seven { -seh }s. None of it is real.
first-start-connect = Connect to a region

## Times and numbers

date-and-time = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $time }
age-ahead = clock is ahead
age-seconds = { $n } s
age-minutes = { $n } min
age-hours = { $n } h { $minutes }
age-days = { $n } d
ago = { $age } ago
beds-counted = { $n ->
    [one] { $n } bed
   *[other] { $n } beds
}
until-at = until { $at }
until-withdrawn = until withdrawn
nothing = none
decimal-mark = .

## Words for states

status-open = open
status-threatened = { -threatened-stop }
status-stop = { -stop }
status-closed = closed
status-unknown = unknown
band-calm = calm
band-normal = normal
band-busy = busy
band-very-busy = very busy
band-overcrowded = overcrowded
band-disrupted = dangerously overcrowded
kind-specialised = Specialised care
kind-specialty = Specialty
kind-surgical = Surgical/medical
kind-covid = Covid capacity
kind-patient = Patient type

## What a source answers

source-error-address = The address is wrong.
source-error-certificate = The certificate of the server is not trusted.
source-error-denied = The server knows you but refuses (403), often because this address (IP) is not admitted: ask the administrator of the region.
source-error-sign-in-needed = The server asks you to sign in: choose at the source how you sign in.
source-error-sign-in-revoked = The sign-in has expired or was revoked: sign in again under Settings, Sources.
source-error-sign-in-client = The sign-in server refuses this application: have the administrator check client id and secret.
source-error-sign-in-password = The name or the password is wrong: enter them again under Settings, Sources.
source-error-sign-in-clock = The clock of this workstation is off, so the sign-in is refused: set the clock right.
source-error-sign-in-keyring = The keyring of this system does not answer: unlock it or ask IT.
source-error-sign-in-no-endpoints = The server does not say where to sign in: enter the address of the sign-in server.
source-error-sign-in-abandoned = The browser did not come back: try to sign in once more.
source-error-busy = The server is overloaded.
source-error-failing = The server has a failure.
source-error-not-fhir = Something other than the regional server answers, for example a sign-in page.
source-error-gone = The server does not keep its history for so long.
source-error-unreachable = The server cannot be reached.
source-connecting = connecting…
source-answered = answered { $age } ago
source-silent = no answer since { $since }. { $why }
source-with-password = { $user }, with password
source-service-account = service account { $client }
source-by-browser = sign in with the browser
source-folder = folder { $name }
folder-empty = { $folder }: no CSV file yet
folder-found = a folder with { $n ->
    [one] { $n } CSV file
   *[other] { $n } CSV files
}, columns by { $mapping }
list-proposed = { $list }, proposal
language-title = Language

## The alarm catalogue

alarm-seh-stop-name = { -seh } stop
alarm-seh-stop-cause = A watched { -seh } announces a stop
alarm-seh-stop-consequence = Ambulances drive to an { -seh } that cannot receive
alarm-seh-stop-response = Call the hospital’s coordinator; point to the nearest open { -seh }; life-threatening cases stay welcome
alarm-service-stop-name = Stop of a service
alarm-service-stop-cause = CT, CCU, EHH or shock room of a watched location in stop
alarm-service-stop-consequence = A patient arrives where the treatment is not possible
alarm-service-stop-response = Agree with the dispatch centre where these patients go
alarm-threatened-stop-name = Impending stop
alarm-threatened-stop-cause = A watched location expects a stop
alarm-threatened-stop-consequence = The stop comes unexpectedly
alarm-threatened-stop-response = Call the hospital’s coordinator before sending a patient
alarm-feed-silent-name = Delivery silent
alarm-feed-silent-cause = A location has delivered nothing for more than two rounds
alarm-feed-silent-consequence = Numbers grow old without anybody noticing
alarm-feed-silent-response = Call for the current state; report it to the hospital’s IT
alarm-feed-lost-name = No connection
alarm-feed-lost-cause = The regional server has not answered for more than a round
alarm-feed-lost-consequence = No view of stops and beds
alarm-feed-lost-response = Work with the last known state and the telephone; report it to IT
alarm-not-sent-name = Stop not sent
alarm-not-sent-cause = A stop that was announced or lifted here was not accepted by the server after ten seconds
alarm-not-sent-consequence = Whoever announced it thinks that the region knows
alarm-not-sent-response = Call the hospital’s coordinator; send again or withdraw on the worklist
alarm-storage-name = Storage
alarm-storage-cause = A data file is damaged or takes nothing
alarm-storage-consequence = What happens here is not kept
alarm-storage-response = Report it to IT; write labels and stops on paper
alarm-clock-name = Clock
alarm-clock-cause = The clock of this workstation jumped or differs from the server
alarm-clock-consequence = Ages and end times are wrong
alarm-clock-response = Have IT set the time of this workstation right
alarm-busyness-name = Busyness
alarm-busyness-cause = An { -seh } for which this was asked is very busy by its own half year
alarm-busyness-consequence = A stop threatens without announcement
alarm-busyness-response = Call the hospital’s coordinator and ask what is coming
alarm-chattering-name = Chattering
alarm-chattering-cause = A source comes and goes three times or more in a minute
alarm-chattering-consequence = Somebody gets used to it and does not hear the real stop
alarm-chattering-response = Call the location and ask what holds now
delay-on = on after { $n } s
delay-off = off after { $n } s
delay-deadband = deadband { $n }
delay-none = at once
metrics-period = the last 24 hours
measure-average = average per 10 minutes
measure-peak = busiest 10 minutes
measure-flood = time in a flood
measure-day = per day
measure-split = high / medium / low
measure-top = share of the ten busiest sources
measure-chatter = chattering sources
measure-acknowledge = time to acknowledge, median
aim-average = about 1
aim-peak = below 10
aim-flood = below 1 %
aim-day = up to 150, at most 300
aim-top = 1 to 5 %
aim-acknowledge = as short as can be

## What an alarm says

always-welcome = Life-threatening: always welcome.
alarm-service-in-stop = { $service } stop
alarm-service-threatened = Impending { $service } stop
alarm-call-first = Call the hospital’s coordinator before sending a patient.
alarm-nearest-open = { always-welcome } Nearest open { -seh }: { $name }, about { $band } min.
alarm-unknown-hospital = unknown hospital, { $place }
alarm-silent-since = no delivery since the time that is named
alarm-silent-ahead = the time of delivery that is named lies in the future
alarm-silent-ever = never delivered
alarm-silent-advice = Call for the current state.
alarm-lost-what = No connection with
alarm-lost-advice = You see the last known state. Call before you move a patient.
alarm-forgotten-where = the region
alarm-forgotten-reason = which region this workstation follows was lost with the logbook
alarm-forgotten-advice = Choose the region again: Settings (8). Call before you move a patient.
alarm-clock-where = of this workstation
alarm-clock-ahead = is { $min } min ahead of the server
alarm-clock-behind = is { $min } min behind the server
alarm-storage-where = This workstation
alarm-storage-advice = Report this to IT.
alarm-storage-restore = Put a copy back: Settings (8), Data. Report this to IT.
alarm-storage-paper = Write on paper too. Report this to IT.
alarm-storage-restored = Check what was done since: labels, acknowledgements, stops.
alarm-not-sent-what = Stop not sent:
alarm-not-sent-silent = the server did not answer
alarm-not-sent-more = { $why }; { $n } in total
alarm-not-sent-late = too late to be sent any more
alarm-not-sent-advice = The region does not know. Call; see the worklist.
alarm-busy-what = Busy { -seh }
alarm-busy-reason = busier than { $percent } % of its own half year
alarm-chatter-what = { $what } comes and goes:
alarm-chatter-reason = began and ended three times or more in a minute
alarm-chatter-advice = Call and ask what holds now.
notification-since = Since { $at }
notification-until = expected until { $at }
notification-end-unknown = end unknown
notification-call = Call { $phone }
notification-flood = Many alarms at once
notification-flood-body = Ten or more in ten minutes. Look at the alarm list; the high ones stand there one by one.
notification-many-standing = Many unacknowledged alarms
notification-many-standing-body = Ten or more stand open. Look at the alarm list.
notification-over = Overdue: { $what }
notification-ending = Almost over: { $what }
notification-not-lifted = Nothing lifts a stop but the hospital.
notification-test = Test alarm
notification-test-body = This is a test. There is no stop.
notification-server-silent = the notification service does not answer
sound-device-silent = the audio device does not answer
tray-open = Show Beddenwacht
tray-none = Beddenwacht: no open alarms
tray-count = Beddenwacht: { $n } not acknowledged
row-overdue = Since { $since }, overdue (expected until { $end }).
row-until = Since { $since }, expected until { $end }.
row-since = Since { $since }.
row-over = Over { $at }
row-over-unknown = Over
row-raised = Nobody acknowledged: raised.
row-shelved = Shelved until { $until } by { $by }: { $reason }
row-suppressed = Suppressed by rule: { $rule }
row-chattering = comes and goes, see the alarm that stands for all
row-out-of-service = Out of service by { $by }: { $reason }
row-acknowledged = Acknowledged { $at } by { $by }.
row-elsewhere = Acknowledged elsewhere by { $who }.
flood-count = { $n } alarms in ten minutes

## The connection and this workstation

connection-none = No region chosen
connection-no-state = there is no state yet
connection-state-of = you see the state of { $at }
connection-offline = Offline since { $since } — { $seen }. { $why }
connection-source-offline = { $source } since { $since }. { $why }
connection-some-offline = { $n } of { $of } sources offline: { $which }
connection-starting = Connecting…
connection-late = Delayed · { $age }
connection-live = Live
note-muted = Sound is off: the audio device is muted or at zero.
note-held-back = This system holds notifications back (do not disturb): watch this list.
note-silent-device = Sound does not answer: there may be nothing to hear.
note-silent-server = Notifications of the system do not answer: watch this list.
note-no-notifications = Notifications of the system do not work: watch this list.
note-no-sound = No sound: there is no working audio device.
note-restarted = A part failed and was started again ({ $task }, { $n ->
    [one] once
   *[other] { $n } times
}). Report this to IT.
note-ended = The last session ended unexpectedly, last seen { $at }.
note-stuck = Beddenwacht does not answer any more: close it and start again, and call until then.
notification-stuck = Beddenwacht does not answer any more
storage-set-aside = The ledger was damaged and is kept as { $detail }
storage-rebuilt = The region’s data were damaged and are fetched again
storage-in-memory = The disk cannot be used: data are in memory only
storage-not-writable = The disk takes nothing any more: what happens now is not kept
storage-no-backup = No backup of the ledger could be made
storage-unreadable-file = not readable: { $detail }
storage-unreadable-alarms = { $n ->
    [one] { $n } alarm in the ledger is not readable; it is kept for repair
   *[other] { $n } alarms in the ledger are not readable; they are kept for repair
}
storage-ledger-in-memory = The ledger cannot be written: what you do now is gone when Beddenwacht stops
storage-not-restored = The chosen copy was not put back: it cannot be used
storage-restored = The copy of { $made } was put back; the previous ledger is kept as { $detail }
storage-damaged = The ledger is damaged; { $offer }
storage-unreadable-rows = Not readable in the ledger: { $rows }; { $offer }
storage-no-offer = there is no copy that can be used
storage-offer = the copy of { $made } can be put back
rows-labels = labels
rows-sets = sets
rows-label-time = time of labelling
rows-settings = settings
rows-outbox = to be sent
rows-alarms = alarms
rows-alarm-events = course of alarms
rows-journal = audit trail

## What the tiles and the location say

tag-no-connection = no connection
tag-shadow = shadow, does not count
tag-double = double, also from { $source }; counts once
tag-no-seh = no { -seh }
named-shadow = { $name } · shadow, does not count
point-stop = STOP { $service }
point-threatened = IMPENDING STOP { $service }
point-since = since { $at }
point-since-unknown = beginning unknown
point-overdue = { $since }, overdue: expected was { $end }
point-until = { $since }, expected until { $end }
point-end-unknown = { $since }, end unknown
point-closed = outside opening hours; no stop
point-unknown = no recent delivery: call
point-also = also: { $reasons }
meter-recomputed = { $variant } recomputed
meter-busier = busier than { $percent } % of the half year
score-delivered = delivered
score-recomputed = recomputed
term-crowding = patients per place
term-boarding = waiting for admission
term-boarding-of = { $n } / { $of } beds
term-ventilated = ventilated
term-urgency = highest urgency
term-longest = longest wait for admission
term-door-to-bed = door to bed
term-hours = { $n } h
term-constant = constant
process-measured = Measured
process-missing = not delivered
confirmed-by-phone = { $at } confirmed by telephone by { $by }: { $n } free
free-proved = ‘free’ was right { $n } of { $of } times (30 days)
stop-blocked = No connection: nothing was announced.
stop-blocked-call = { stop-blocked } Call { $phone }.

## What the beds say

ward-none = Without ward
bed-is = { $bed }: { $state }
bed-was = since { $since }: { $state }
bed-by-hand = by hand by { $author } { $until }
bed-by-hand-because = { bed-by-hand }: { $reason }
bed-by-hand-over = { bed-by-hand } ({ $reason }); record: { $was }
bed-delivered-as = delivered as { $codes }
bed-source-region = region
bed-source-hand = by hand, delivered so
bed-source-epd = hospital record
code-not-delivered = not delivered
code-active = in use
code-suspended = blocked
code-inactive = no longer exists
code-not-understood = not understood
code-empty = empty
code-occupied = patient in bed
code-cleaning = being cleaned
code-contaminated = contaminated
code-isolation = isolation
code-closed = closed
code-not-free = not understood: does not count as free
code-unknown = unknown: does not count as free
code-reservation = bed reservation
code-reservation-means = counts as occupied as long as it begins before 10:00
code-blocked = bed blockade
code-blocked-means = reason of the blockade

## What the labels say

label-none = no label
label-change = { $was } → { $is }
label-times = { $n } × { $what }
label-by-hand-of = { $n } × by hand by { $who }
label-more-specialised = { $n } of these beds are more specialised by the hospital record: { $element }
label-rule-specialised = If several fit, take the most specialised element.
label-rule-covid = What the bed is equipped for, not who lies in it.
label-agreed = the hospital record says the same now
set-more = { $names } and { $n } more
set-touches = { $places }: { $beds } → { $element }
set-until-off = until it is switched off
set-daily = every day { $from } – { $until }
sheet-labels = Labels by hand

## What the worklist says

work-unsent = Not yet accepted by the server
work-contradicts = The hospital record changed under the label
work-ending = Ends within the hour
work-ended = Ended in the last 24 hours
work-missing = Beds without a mandatory label
work-dissolved = Solved today: the hospital record says the same now
work-given-by = { $n } × { $element }, by { $author }
work-epd-said = The hospital record said { $was }, now says { $is }
work-ended-at = ended at { $at }
work-ends-at = ends at { $at }
work-without = { $n } × no { $kind }
work-here = here: { $element }, by { $author } at { $at }
work-on-server = on the server: { $element }, by { $author } at { $at }
work-refused = the server refuses: { $why }
work-waiting = { $n ->
    [one] { $n } label waits to be sent
   *[other] { $n } labels wait to be sent
}
work-last-attempt = last attempt: { $why }
work-stop = Stop · { $hospital }
work-stop-given = given at { $at }
work-stop-call = The region does not know: call { $phone }
work-acknowledgement = Acknowledged: stop · { $hospital }
work-confirmation = Confirmation · { $hospital }
work-today = today
work-time = { $day }: { $n ->
    [one] once
   *[other] { $n } times
}, { $beds }, { $min } min { $s } s
outbox-overtaken-by = { $who } chose { $element } meanwhile
outbox-overtaken = somebody else has changed this meanwhile
outbox-denied = this account may not write this
outbox-gone = this does not exist there any more

## What is wrong in deliveries

defect-silent = does not deliver (any more)
defect-unknown-status = bed with unknown status
defect-unknown-code = unknown code
defect-missing-label = bed without a mandatory label
defect-occupied-in-closed-ward = occupied bed in a closed ward
defect-ward-as-bed = ward delivered as a bed
defect-more-patients-than-capacity = more patients than beds
defect-stop-without-location = stop without a hospital in use
defect-stop-location-closed = { $service } stop of a hospital that is not in use
defect-stop-location-unknown = { $service } stop of an unknown hospital
defect-patient-data = reference to a person, removed
defect-unknown-resource = kind of message that is not read
defect-malformed = not readable
defect-missing = missing value
defect-time-in-future = time in the future
defect-bed-in-two-rooms = one bed in two rooms
defect-hidden = not for this workstation
defect-older-version = older version, not applied
defect-unresolved-reference = reference to something that was not delivered
defect-parameter-ignored = question ignored by the server
defect-type-refused = kind of data that the server refuses
defect-shrunk = delivery with fewer than half of the beds, not applied
defect-patients = { $patients } patients on { $capacity } beds
defect-closed-ward = patient in a closed ward
defect-codes = status { $status }, operationalStatus { $operational }
defect-nothing = nothing
defect-without = no { $kind }
defect-shrunk-by = { $site }: { $named } beds instead of { $before }; not applied
defect-holds-places = { $place } was delivered as a bed but holds places: not counted as a bed
defect-not-delivered = { $place } was not delivered (yet)
defect-older = { $n } older than what we had already; not applied
element-unknown = { $element } (unknown)
account-may-not-label = This account may not give labels at { $site }.
