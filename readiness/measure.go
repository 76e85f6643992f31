package readiness

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

// Measured is what the snapshots say of the two objectives of one Region, beside
// what was declared. Nothing in it is estimated.
type Measured struct {
	Region string `json:"region"`
	RPO    Loss   `json:"rpo"`
	RTO    Outage `json:"rto"`
}

// Loss is how much data a takeover would lose now.
type Loss struct {
	// Declared is in seconds; zero: not declared.
	Declared float64 `json:"declared_seconds,omitempty"`
	// Measured is the worst of what was measured, in seconds; nil: nothing was.
	Measured *float64 `json:"measured_seconds,omitempty"`
	// Resource is what it was measured of, and By how.
	Resource string `json:"resource,omitempty"`
	By       string `json:"by,omitempty"`
	// NotMeasured are the stores of which nothing is known: the loss is at least Measured.
	NotMeasured []string `json:"not_measured,omitempty"`
}

// Outage is how long a takeover lasted, and what it cannot be faster than.
type Outage struct {
	Declared float64 `json:"declared_seconds,omitempty"`
	// Measured is how long the last drill took, in seconds; nil: nobody knows.
	Measured *float64 `json:"measured_seconds,omitempty"`
	// Drill is the day of the last drill; empty: none is known. Age is in seconds.
	Drill string  `json:"drill,omitempty"`
	Age   float64 `json:"drill_age_seconds,omitempty"`
	By    string  `json:"by,omitempty"`
	// TTL is the longest time to live of the records that move clients, in seconds,
	// and Record that record; nil: no record that has one is known.
	TTL    *float64 `json:"longest_ttl_seconds,omitempty"`
	Record string   `json:"record,omitempty"`
}

// Measure looks for the worst lag and the oldest of the newest recovery points of
// the primary's stores, for the last drill, and for the longest time to live.
func Measure(e Evidence) Measured {
	h := &hearing{scene: newScene(e)}
	m := Measured{Region: h.standby.region()}
	m.RPO = h.loss()
	m.RTO = h.outage()
	return m
}

// sample is one thing that was measured.
type sample struct {
	behind       time.Duration
	resource, by string
}

func (h *hearing) loss() Loss {
	l := Loss{Declared: h.Objectives.RPO.Seconds()}
	for _, s := range h.stores() {
		found, known := h.sampleOf(s)
		switch {
		case !known:
			l.NotMeasured = append(l.NotMeasured, s.key)
		case l.Measured == nil || found.behind.Seconds() > *l.Measured:
			l.Measured, l.Resource, l.By = pointer(found.behind.Seconds()), found.resource, found.by
		}
	}
	return l
}

// sampleOf measures one store by its replica or, without one that was measured, by
// the newest recovery point that counts: the better of the two is what there is to
// take over with.
func (h *hearing) sampleOf(s held) (sample, bool) {
	var all []sample
	for _, copied := range h.copiesOf(s) {
		if one, known := h.lagSample(copied); known {
			one.resource = s.key
			all = append(all, one)
		}
	}
	if one, known := h.filesSample(s); known {
		all = append(all, one)
	}
	if one, known := h.pointSample(s); known {
		all = append(all, one)
	}
	if len(all) == 0 {
		return sample{}, false
	}
	return slices.MinFunc(all, func(a, b sample) int { return cmp.Or(cmp.Compare(a.behind, b.behind), cmp.Compare(a.by, b.by)) }), true
}

// copied is where the lag of a replica was measured.
type copied struct {
	in            *view
	kind, subject string
}

// copiesOf are the replicas that a store of the primary has in the standby.
func (h *hearing) copiesOf(s held) (list []copied) {
	region := h.standby.snapshot.Region.Name
	switch s.kind {
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		value, _ := h.primary.fact(drift.FactTableReplicas, s.key)
		if namesRegion(value, "RegionName", region) {
			list = append(list, copied{h.primary, drift.FactTableLag, s.key + "#" + region})
		}
	case typeDBInstance:
		for _, replica := range h.replicasOf(s.key) {
			list = append(list, copied{h.standby, drift.FactReplicaLag, replica})
		}
	case typeDBCluster:
		for _, secondary := range h.secondariesOf(s.key) {
			list = append(list, copied{h.standby, drift.FactAuroraLag, secondary})
		}
	case typeBucket:
		for _, rule := range h.rulesTo(s) {
			if len(matches(rule)) == 0 { // the lag of a part is not the bucket's
				list = append(list, copied{h.standby, drift.FactBucketLag, s.key + "#" + ruleID(rule)})
			}
		}
	}
	return list
}

// lagSample takes a datapoint that speaks of now: an old one, and one below zero,
// measure nothing.
func (h *hearing) lagSample(c copied) (sample, bool) {
	fact, _ := c.in.object(c.kind, c.subject)
	seconds, measured := number(fact, "Seconds")
	at, err := time.Parse(time.RFC3339, text(fact, "At"))
	if !measured || err != nil || seconds < 0 || h.asOf(c.in).Sub(at) > staleAfter {
		return sample{}, false
	}
	return sample{behind: time.Duration(seconds * float64(time.Second)), by: text(fact, "Metric") + " at " + text(fact, "At")}, true
}

func (h *hearing) filesSample(s held) (sample, bool) {
	fact, _ := h.primary.object(drift.FactFileSystemReplication, s.key)
	for _, d := range objects(fact["Destinations"]) {
		last, err := time.Parse(time.RFC3339, text(d, "LastReplicatedTimestamp"))
		if s.kind == typeFileSystem && text(fact, "Role") == "source" && text(d, "Region") == h.standby.snapshot.Region.Name && text(d, "Status") == "ENABLED" && err == nil {
			return sample{behind: max(0, h.asOf(h.primary).Sub(last)), resource: s.key, by: "replicated at " + text(d, "LastReplicatedTimestamp")}, true
		}
	}
	return sample{}, false
}

// pointSample is the age of the newest recovery point that can be restored: of a
// server its own, or of that disk whose newest is the oldest.
func (h *hearing) pointSample(s held) (sample, bool) {
	if p := h.newestUsable(s.key); p != nil {
		return h.ageOf(s, p), true
	}
	var oldest *recoveryPoint
	for _, id := range s.disks {
		p := h.newestUsable(s.key + "#" + id)
		switch {
		case p == nil:
			return sample{}, false
		case oldest == nil || p.at.Before(oldest.at):
			oldest = p
		}
	}
	if oldest == nil {
		return sample{}, false
	}
	return h.ageOf(s, oldest), true
}

func (h *hearing) ageOf(s held, p *recoveryPoint) sample {
	return sample{behind: max(0, h.asOf(h.standby).Sub(p.at)), resource: s.key, by: "recovery point of " + p.at.UTC().Format(time.RFC3339) + ", " + p.from}
}

// newestUsable is the newest point that is complete and can be decrypted; nil for none.
func (h *hearing) newestUsable(key string) *recoveryPoint {
	points, _ := h.pointsOf(key)
	for i := range points {
		if p := &points[i]; p.complete && h.decryptable(p).status == Pass {
			return p
		}
	}
	return nil
}

// asOf is when a Region was read.
func (h *hearing) asOf(v *view) time.Time {
	if v.snapshot.TakenAt.IsZero() {
		return h.Now
	}
	return v.snapshot.TakenAt
}

func (h *hearing) outage() Outage {
	o := Outage{Declared: h.Objectives.RTO.Seconds()}
	if drills, _ := h.drills(); len(drills) > 0 {
		last := slices.MaxFunc(drills, func(a, b drill) int { return a.end.Compare(b.end) })
		o.Drill, o.By, o.Age = last.day, last.how, max(0, h.Now.Sub(last.end).Seconds())
		if last.took > 0 {
			o.Measured = pointer(last.took.Seconds())
		}
	}
	for _, v := range []*view{h.primary, h.standby} {
		for _, r := range v.byType[typeRecord] {
			ttl, ok := number(r.Properties, "TTL")
			if ok && r.Properties["SetIdentifier"] != nil && (o.TTL == nil || ttl > *o.TTL) {
				o.TTL, o.Record = pointer(ttl), r.Key
			}
		}
	}
	return o
}

func pointer[T any](v T) *T { return &v }

// WorseOf is what two Regions, each of which could fail, come to for a third.
func WorseOf(a, b Measured) Measured {
	m := a
	if b.RPO.Measured != nil && (a.RPO.Measured == nil || *b.RPO.Measured > *a.RPO.Measured) {
		m.RPO = b.RPO
	}
	m.RPO.NotMeasured = slices.Concat(a.RPO.NotMeasured, b.RPO.NotMeasured)
	slices.Sort(m.RPO.NotMeasured)
	m.RPO.NotMeasured = slices.Compact(m.RPO.NotMeasured)
	if b.RTO.TTL != nil && (a.RTO.TTL == nil || *b.RTO.TTL > *a.RTO.TTL) {
		m.RTO.TTL, m.RTO.Record = b.RTO.TTL, b.RTO.Record
	}
	return m
}
