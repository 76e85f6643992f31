package readiness

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// recoveredFrom says where data comes back from recovery points. With the other
// strategies it is live in the standby: DAT-12 and BKP-03 judge that.
var recoveredFrom = strategyLevels{topology.WarmStandby: LevelOff, topology.ActiveActive: LevelOff}

func recoveryRules() []Rule {
	points := []string{"backup:ListRecoveryPointsByBackupVault", "backup:ListBackupVaults", "rds:DescribeDBInstanceAutomatedBackups",
		"rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots"}
	return []Rule{{
		ID: "BKP-01", Severity: drift.Block, check: recoverable, Strategies: recoveredFrom,
		Title: "Every store of the primary can be recovered in the standby: a complete recovery point that is younger than the RPO and can be decrypted there, or a replica",
		Why:   "What has no recovery point in the standby's Region is lost with the primary, and so is one whose key is disabled or lies in the lost Region.",
		Source: "Disaster Recovery of Workloads on AWS; AWS Backup developer guide, Creating backup copies across AWS Regions; " +
			"Amazon RDS user guide, Replicating automated backups to another AWS Region",
		Needs: []Need{{Types: storeTypes(), Fact: drift.FactRecoveryPoints, Actions: points},
			{Types: storeTypes(), Fact: drift.FactRecoveryKey, Actions: []string{"kms:DescribeKey"}},
			{Types: []string{typeInstance}, Fact: drift.FactInstanceState, Actions: []string{"ec2:DescribeInstances"}}, needsServers},
		Fix:    "Let the backup plan copy it to a vault of the standby's Region, as often as the RPO says, or accept with a reason that its data is not needed.",
		unused: "the primary has nothing that holds data",
	}, {
		ID: "BKP-04", Severity: drift.Warn, check: restoredLately, Strategies: recoveredFrom,
		Title:  "Each kind of store was restored in the standby's Region within the declared time",
		Why:    "A backup that was never restored is a hope: options, keys, permissions and quotas that a restore needs show only then.",
		Source: "Disaster Recovery of Workloads on AWS; Well-Architected REL13-BP03",
		Needs:  []Need{{Types: storeTypes(), Fact: drift.FactRestores, Actions: []string{"backup:ListRestoreJobs"}}},
		Fix:    "Restore one of them in the standby's Region, best with a restore testing plan of AWS Backup, or write the drill down in takeover.drill.",
		unused: "no time is declared within which a takeover has to be practised (`objectives.drill`), or nothing that AWS Backup restores",
	}}
}

// recoverable judges every store of the primary, and says how old the oldest of
// the points is that count.
func recoverable(h *hearing) {
	h.allRecoverable(h.stores())
}

func (h *hearing) allRecoverable(all []held) {
	h.applies(len(all), "store", "recoverable in the standby")
	var oldest *recoveryPoint
	for _, s := range all {
		found := h.counting(s)
		switch {
		case found.status == Pass:
			if oldest == nil || found.point.at.Before(oldest.at) {
				oldest = found.point
			}
		case h.live(s): // a replica was judged in its place
		case len(found.unread) > 0:
			h.add(outcome{status: Undetermined, severity: cmp.Or(found.severity, s.severity), resource: s.key, missing: h.placesUnread(found.unread),
				evidence: found.says + "; " + strings.Join(found.unread, ", ") + " could not be read" + s.but})
		case found.status == Undetermined && found.fact != "":
			region := h.standby.region()
			if found.fact == drift.FactInstanceState {
				region = h.primary.region()
			}
			h.unknown(region, found.subject, found.fact, "%s: %s", s.key, found.says)
		default:
			h.add(outcome{status: found.status, severity: cmp.Or(found.severity, s.severity), resource: s.key, evidence: found.says + h.partly(s) + s.but, fix: found.fix})
		}
	}
	if oldest != nil {
		h.remark("the oldest of the newest recovery points is %s old (%s)", age(h.Now, oldest.at), oldest.from)
	}
}

// recoveryPoint is one that a Region has of a store of the primary.
type recoveryPoint struct {
	from, status string
	complete     bool
	at           time.Time // when the data was; zero: nobody says
	encrypted    bool
	owned        bool // by a key of AWS's own
	key          string
}

// pointsOf reads the points of a store, the newest first; one of which nobody
// knows when it was may be the newest.
func (h *hearing) pointsOf(key string) (points []recoveryPoint, read bool) {
	fact, read := h.standby.object(drift.FactRecoveryPoints, h.pointsSubject(key))
	for _, p := range objects(fact["Points"]) {
		at, _ := time.Parse(time.RFC3339, text(p, "Time")) // what is no time is not known
		points = append(points, recoveryPoint{from: text(p, "From"), status: text(p, "Status"), complete: p["Complete"] == true, at: at,
			encrypted: p["Encrypted"] != false, owned: p["Owned"] == true, key: text(p, "Key")})
	}
	slices.SortStableFunc(points, func(a, b recoveryPoint) int {
		return cmp.Or(unknownFirst(a.at, b.at), b.at.Compare(a.at), cmp.Compare(a.from, b.from), cmp.Compare(a.status, b.status))
	})
	return points, read
}

func unknownFirst(a, b time.Time) int {
	switch {
	case a.IsZero() == b.IsZero():
		return 0
	case a.IsZero():
		return -1
	}
	return 1
}

// pointsFinding is what the points of one store come to.
type pointsFinding struct {
	status   Status
	severity drift.Severity
	says     string
	fix      string
	// point is the one that counts.
	point *recoveryPoint
	// subject and fact are what was not read.
	subject, fact string
	// unread are places that may have a point that counts.
	unread []string
}

// counting is the point of a store that counts, or why none does. A place that was
// not read may have one where no other has.
func (h *hearing) counting(s held) pointsFinding {
	f := h.bestPoint(s)
	if s.kind == typeInstance && f.status != Pass {
		return h.disksRecoverable(s, f)
	}
	if f.status != Pass && f.severity != drift.Warn {
		f.unread = h.unreadOf(s.key)
	}
	return f
}

// unreadOf are the places that may have more points of a store.
func (h *hearing) unreadOf(key string) []string {
	fact, _ := h.standby.object(drift.FactRecoveryPoints, h.pointsSubject(key))
	return stringsOf(fact["Unread"])
}

// placesUnread are the gaps that say why places were not read.
func (h *hearing) placesUnread(places []string) (missing []drift.Gap) {
	region := h.standby.region()
	for _, place := range places {
		gaps := h.gapsAbout(region, place, drift.GapRecoveryPlace)
		if len(gaps) == 0 {
			gaps = []drift.Gap{{Region: region, Resource: place, Operation: h.actionFor(drift.FactRecoveryPoints), Reason: notRead, Fact: drift.GapRecoveryPlace}}
		}
		missing = append(missing, gaps...)
	}
	return missing
}

// bestPoint looks for the newest point that is complete and can be decrypted. A
// newer one of which something is not known leaves the store open where that one
// is too old.
func (h *hearing) bestPoint(s held) pointsFinding {
	region := h.standby.region()
	if s.unread != "" {
		return pointsFinding{status: Undetermined, severity: s.severity, fix: fixUnread, says: "whether its data can be recovered in " + region + " is not known: " + s.unread}
	}
	points, read := h.pointsOf(s.key)
	if !read {
		return pointsFinding{status: Undetermined, subject: h.pointsSubject(s.key), fact: drift.FactRecoveryPoints, says: "its recovery points were not read in " + region}
	}
	complete := slices.DeleteFunc(slices.Clone(points), func(p recoveryPoint) bool { return !p.complete })
	if len(complete) == 0 {
		return h.nonePoint(s, points)
	}
	var open, broken *pointsFinding
	for i := range complete {
		p := &complete[i]
		f := h.decryptable(p)
		switch {
		case f.status == Fail && broken == nil:
			broken = &f
		case f.status == Undetermined && open == nil:
			open = &f
		case f.status == Pass && h.inTime(p):
			return pointsFinding{status: Pass, point: p}
		case f.status == Pass && open == nil:
			return h.tooOld(p)
		}
	}
	if open != nil {
		return *open
	}
	return *broken
}

// fixUnread is what to do where AWS cannot tell: somebody has to.
const fixUnread = "Back it up where Lockstep can read it, or try how its data comes back and accept it with that as the reason."

// nonePoint is said of a store without a complete point.
func (h *hearing) nonePoint(s held, points []recoveryPoint) pointsFinding {
	switch {
	case len(points) > 0:
		return pointsFinding{status: Fail, says: "has no complete recovery point in " + h.standby.region() + ": the newest (" + points[0].from + ") is " + show(points[0].status)}
	case s.elsewhere != "":
		return pointsFinding{status: Undetermined, fix: fixUnread, says: "has no recovery point in a vault of " + h.standby.region() + ", and " + s.elsewhere}
	}
	since := ""
	fact, _ := h.standby.object(drift.FactRecoveryPoints, h.pointsSubject(s.key))
	if at, err := time.Parse(time.RFC3339, text(fact, "Since")); err == nil {
		since = " since " + at.Format(time.DateOnly)
	}
	copies := ", and nothing copies its data there"
	if h.partly(s) != "" {
		copies = ""
	}
	return pointsFinding{status: Fail, says: "has no recovery point in " + h.standby.region() + since + copies}
}

// decryptable judges the key of a point: it has to be of this Region and enabled.
// A point whose time nobody knows is as open as one whose key nobody read.
func (h *hearing) decryptable(p *recoveryPoint) pointsFinding {
	region, what := h.standby.region(), "its recovery point in "+h.standby.region()+" ("+p.from+")"
	if p.at.IsZero() {
		return pointsFinding{status: Undetermined, says: "nothing says from when the data of " + what + " is"}
	}
	if p.at.Sub(h.Now) > staleAfter {
		return pointsFinding{status: Undetermined, says: "the time of " + what + ", " + p.at.Format(time.RFC3339) + ", lies in the future"}
	}
	switch {
	case !p.encrypted || p.owned:
		return pointsFinding{status: Pass}
	case p.key == "":
		return pointsFinding{status: Undetermined, says: what + " is encrypted, and AWS does not say with which key"}
	}
	const fix = "Enable the key or cancel its deletion; or copy the recovery points again, to a vault whose key can be used."
	if strings.HasPrefix(p.key, "arn:") && regionOf(p.key) != h.standby.snapshot.Region.Name {
		return pointsFinding{status: Fail, fix: fix, says: what + " is encrypted with a key of " + show(regionOf(p.key)) + ", " + show(p.key)}
	}
	key, read := h.standby.object(drift.FactRecoveryKey, p.key)
	switch state := text(key, "KeyState"); {
	case !read || state == "" && key["Exists"] != false:
		return pointsFinding{status: Undetermined, subject: p.key, fact: drift.FactRecoveryKey, says: "whether " + what + " can be decrypted was not read in " + region}
	case key["Exists"] == false:
		return pointsFinding{status: Fail, fix: fix, says: what + " cannot be decrypted: its key " + show(p.key) + " does not exist"}
	case state == "Creating" || state == "Updating":
		return pointsFinding{status: Undetermined, says: "the key of " + what + " is " + state}
	case state != "Enabled":
		return pointsFinding{status: Fail, fix: fix, says: what + " cannot be decrypted: its key " + show(p.key) + " is " + show(key["KeyState"]) + because(key, "DeletionDate")}
	}
	return pointsFinding{status: Pass}
}

func (h *hearing) inTime(p *recoveryPoint) bool {
	return h.Objectives.RPO > 0 && h.Now.Sub(p.at) <= h.Objectives.RPO
}

// tooOld is said of the newest point that counts, or that nobody said how old it may be.
func (h *hearing) tooOld(p *recoveryPoint) pointsFinding {
	says := "its newest usable recovery point in " + h.standby.region() + " (" + p.from + ") is " + age(h.Now, p.at) + " old"
	if h.Objectives.RPO == 0 {
		return pointsFinding{status: Fail, severity: drift.Warn, point: p, fix: "Declare objectives.rpo.", says: says + ", and no objectives.rpo says how much is too much"}
	}
	return pointsFinding{status: Fail, point: p, says: says + "; the RPO is " + topology.Span(h.Objectives.RPO)}
}

// age is how old something is, no finer than a person needs it.
func age(now, at time.Time) string {
	d := now.Sub(at)
	if d >= time.Hour {
		return topology.Span(d.Round(time.Minute))
	}
	return topology.Span(d.Round(time.Second))
}
