package drift

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// judgeScale holds the standby's value against the primary's where one may be
// more than the other. More is never a fault, except where nothing says that
// it is the same thing.
func (r Rule) judgeScale(d difference, o topology.Objectives) judgement {
	if r.Scale == Number {
		return r.judgeNumber(d, o)
	}
	if d.primary == nil {
		return judgement{} // the standby says more than the primary asks for
	}
	if d.standby == nil {
		return judgement{differs: true, severity: r.Severity}
	}
	switch r.Scale {
	case Class:
		return r.judgeClass(d.primary.text, d.standby.text)
	case Version:
		return r.judgeVersion(d.primary.text, d.standby.text)
	case Count:
		return judgement{differs: count(d.standby) < count(d.primary), severity: r.Severity, want: strconv.Itoa(count(d.primary))}
	case Switch:
		return judgement{differs: !isOff(d.primary) && isOff(d.standby), severity: r.Severity}
	case Range:
		return r.judgeRange(d.primary, d.standby)
	}
	return judgement{differs: true, severity: r.Severity}
}

// judgePayer tells which Region refuses requests that do not say who pays: the standby
// then refuses what the primary answers. Source: Amazon S3 user guide, Using Requester
// Pays general purpose buckets for storage transfers and usage.
func (r Rule) judgePayer(d difference) judgement {
	if d.standby != nil && d.standby.text == "Requester" {
		return judgement{differs: true, severity: r.Severity, note: "A request that does not say that its sender pays is refused there."}
	}
	return judgement{differs: true, severity: Warn}
}

// classSizes are the sizes of a family, smallest first; what follows is a
// multiple of xlarge. "metal" is a whole machine and has no place among them.
var classSizes = []string{"nano", "micro", "small", "medium", "large", "xlarge"}

// classOf splits "db.r6g.2xlarge" into what must be alike and the size; ok is
// false for what has no size, such as db.serverless.
func classOf(name string) (family string, size int, ok bool) {
	parts := strings.Split(name, ".")
	for i := len(parts) - 1; i > 0; i-- {
		if size = sizeOf(parts[i]); size > 0 {
			parts[i] = "*"
			return strings.Join(parts, "."), size, true
		}
	}
	return "", 0, false
}

// sizeOf ranks a size; 0 when it is none.
func sizeOf(s string) int {
	if i := slices.Index(classSizes, s); i >= 0 {
		return i + 1
	}
	times, found := strings.CutSuffix(s, "xlarge")
	n, err := strconv.Atoi(times)
	if !found || err != nil || n < 2 {
		return 0
	}
	return len(classSizes) + n - 1
}

// judgeClass compares sizes within a family. What another family carries
// cannot be told from its name.
func (r Rule) judgeClass(primary, standby string) judgement {
	family, size, ok1 := classOf(primary)
	other, have, ok2 := classOf(standby)
	switch {
	case !ok1 || !ok2 || family != other:
		return judgement{differs: true, severity: Warn, note: "Whether it carries the same load cannot be told from the names."}
	case have < size:
		return judgement{differs: true, severity: r.Severity, note: "The standby's is the smaller one."}
	}
	return judgement{}
}

// judgeVersion wants one major version, and a minor version no older.
func (r Rule) judgeVersion(primary, standby string) judgement {
	major, minor := versionOf(primary)
	otherMajor, otherMinor := versionOf(standby)
	switch order := compareVersions(otherMajor, major); {
	case order < 0:
		return judgement{differs: true, severity: r.Severity, note: "The standby's is an older major version."}
	case order > 0:
		return judgement{differs: true, severity: Warn, note: "The standby's is a newer major version."}
	case compareVersions(otherMinor, minor) < 0:
		return judgement{differs: true, severity: Warn, note: "The standby's is an older minor version."}
	}
	return judgement{}
}

// versionOf splits a version into major and minor part: 15|4, 8.0|35, 7|1,
// 8.0|mysql_aurora.3.05.2, OpenSearch_2|11, 1|29. A version of two numbers has a
// major one of one, a longer one has two.
func versionOf(s string) (major, minor []string) {
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == '.' || c == '_' })
	at := slices.IndexFunc(parts, func(p string) bool { _, err := strconv.Atoi(p); return err == nil })
	if at < 0 {
		return parts, nil
	}
	split := at + 1
	if len(parts)-at > 2 {
		split++
	}
	return parts[:split], parts[split:]
}

// compareVersions compares part by part, numbers as numbers.
func compareVersions(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		n, err := strconv.Atoi(x)
		m, err2 := strconv.Atoi(y)
		if err == nil && err2 == nil {
			return cmp.Compare(n, m)
		}
		return strings.Compare(x, y)
	})
}

// count is how many elements a value has; a scalar is one.
func count(n *node) int {
	if n == nil || n.off {
		return 0
	}
	if n.scalar() {
		return 1
	}
	return len(n.kids)
}

// judgeRange wants a block at least as large. Two different blocks that
// overlap can never be joined by peering or replication.
func (r Rule) judgeRange(primary, standby *node) judgement {
	left, err1 := netip.ParsePrefix(textOf(primary))
	right, err2 := netip.ParsePrefix(textOf(standby))
	switch {
	case err1 != nil || err2 != nil || left.Addr().Is4() != right.Addr().Is4():
		return judgement{differs: true, severity: r.Severity}
	case right.Bits() > left.Bits():
		return judgement{differs: true, severity: r.Severity, note: "The standby's block is the smaller one."}
	case left != right && left.Overlaps(right):
		return judgement{differs: true, severity: Warn, note: "The blocks overlap, so the two networks can never be joined."}
	}
	return judgement{}
}

// textOf is a scalar as read.
func textOf(n *node) string {
	text, _ := n.raw.(string)
	return text
}
