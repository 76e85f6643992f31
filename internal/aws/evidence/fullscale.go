package evidence

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/lockstep-dr/lockstep/drift"
)

// familyQuota is the quota that the vCPUs of On-Demand instances of some
// families count towards.
type familyQuota struct {
	code, name string
	families   []string
}

// familyQuotas are those quotas; a family is the letters before the generation.
// Source: Amazon EC2 user guide, On-Demand Instance quotas, and
// `aws service-quotas list-aws-default-service-quotas --service-code ec2`.
var familyQuotas = []familyQuota{
	{"L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", []string{"a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"}},
	{"L-DB2E81BA", "Running On-Demand G and VT instances", []string{"g", "gr", "vt"}},
	{"L-417A185B", "Running On-Demand P instances", []string{"p"}},
	{"L-74FC7D96", "Running On-Demand F instances", []string{"f"}},
	{"L-1945791B", "Running On-Demand Inf instances", []string{"inf"}},
	{"L-2C3B7624", "Running On-Demand Trn instances", []string{"trn"}},
	{"L-7295265B", "Running On-Demand X instances", []string{"x"}},
	{"L-6E869C2A", "Running On-Demand DL instances", []string{"dl"}},
	{"L-43DA4232", "Running On-Demand High Memory instances", []string{"u"}},
	{"L-F7808C92", "Running On-Demand HPC instances", []string{"hpc"}},
}

// volumeQuotas are the storage quotas by type of volume, in TiB. Source: `aws
// service-quotas list-aws-default-service-quotas --service-code ebs`.
var volumeQuotas = map[string]string{
	"gp2": "ebs/L-D18FCD1D", "gp3": "ebs/L-7A658B76", "io1": "ebs/L-FD252861", "io2": "ebs/L-09BD8365",
	"st1": "ebs/L-82ACEF56", "sc1": "ebs/L-17AF77E8", "standard": "ebs/L-9CF3C2EB",
}

// iopsQuotas are the quotas of provisioned IOPS by type of volume; the other types
// have none. Source: as of volumeQuotas.
var iopsQuotas = map[string]string{"io1": "ebs/L-B3A130E6", "io2": "ebs/L-8D977E7E"}

// vcpuQuota is the quota of an instance type as the Subject of its fact; "" for a
// type of which nobody knows one.
func vcpuQuota(instance string) string {
	family, _, _ := strings.Cut(instance, "-") // u-6tb1
	if end := strings.IndexFunc(family, func(r rune) bool { return r < 'a' || r > 'z' }); end >= 0 {
		family = family[:end]
	}
	for _, q := range familyQuotas {
		if slices.Contains(q.families, family) {
			return "ec2/" + q.code
		}
	}
	return ""
}

// volumeQuota is the quota of a type of volume. EC2 makes gp2 of a volume whose
// type nobody names.
func volumeQuota(kind string) string {
	if kind == "" {
		kind = "gp2"
	}
	return volumeQuotas[kind]
}

// familyQuotas reads the quotas that the instance types and their volumes count
// towards and that were not asked for yet.
func (a *across) familyQuotas(ctx context.Context, instances []string) {
	var wanted []string
	for _, instance := range instances {
		wanted = append(wanted, vcpuQuota(instance))
	}
	for _, s := range a.app.Snapshots {
		for _, m := range machinesOf(s) {
			wanted = slices.AppendSeq(wanted, maps.Keys(m.volumes))
			wanted = slices.AppendSeq(wanted, maps.Keys(m.iops))
		}
	}
	slices.Sort(wanted)
	for _, subject := range slices.Compact(wanted) {
		service, code, known := strings.Cut(subject, "/")
		if known && !asked(a.own, subject) {
			a.quota(ctx, quota{service: service, code: code, name: subject})
		}
	}
}

// asked reports whether a quota is in the snapshot, read or refused.
func asked(s *drift.Snapshot, subject string) bool {
	return slices.ContainsFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactQuota && f.Subject == subject }) ||
		slices.ContainsFunc(s.Gaps, func(g drift.Gap) bool { return g.Fact == drift.FactQuota && g.Resource == subject })
}

// databaseLimits reads what RDS grants the account in the Region and what is
// taken of it, if any Region of the application has databases.
func (a *across) databaseLimits(ctx context.Context) {
	if !slices.ContainsFunc(a.app.Snapshots, func(s *drift.Snapshot) bool { return len(of(s, instanceType)) > 0 }) {
		return
	}
	out, err := a.rds.DescribeAccountAttributes(ctx, &rds.DescribeAccountAttributesInput{})
	if err != nil {
		a.failed(drift.FactDBLimits, "", "", err)
		return
	}
	limits := map[string]any{}
	for _, q := range out.AccountQuotas {
		limits[aws.ToString(q.AccountQuotaName)] = map[string]any{"Used": aws.ToInt64(q.Used), "Max": aws.ToInt64(q.Max)}
	}
	a.fact(drift.FactDBLimits, "", limits)
}
