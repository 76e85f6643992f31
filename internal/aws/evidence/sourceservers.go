package evidence

import (
	"context"
	"errors"
	"math"
	"net"
	"regexp"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/drs"
	"github.com/aws/aws-sdk-go-v2/service/drs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func sourceServerActions(types []string) []string {
	if slices.Contains(types, machineType) {
		return []string{"drs:DescribeSourceServers"}
	}
	return nil
}

// sourceServers reads, in a Region that would take over, which instances of the
// other Regions Elastic Disaster Recovery replicates into it. Most applications
// do not use it: an account that was never initialized there replicates nothing.
func (a *across) sourceServers(ctx context.Context, api drs.DescribeSourceServersAPIClient) {
	if a.own.Region.Role == topology.Primary {
		return
	}
	theirs := map[string]bool{}
	for _, s := range a.app.Snapshots {
		for _, r := range of(s, machineType) {
			theirs[r.ID] = s != a.own
		}
	}
	if len(theirs) == 0 {
		return
	}
	servers := []any{}
	pages := drs.NewDescribeSourceServersPaginator(api, &drs.DescribeSourceServersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if uninitialized := (*types.UninitializedAccountException)(nil); errors.As(err, &uninitialized) {
			break
		}
		if a.withoutRecovery(err) {
			break
		}
		if err != nil {
			a.failed(drift.FactSourceServers, "", "", err)
			return
		}
		for _, s := range page.Items {
			if instance := instanceOf(s); theirs[instance] {
				servers = append(servers, sourceServer(s, instance))
			}
		}
	}
	a.fact(drift.FactSourceServers, "", map[string]any{"Servers": servers})
}

// withoutRecoveryService are the commercial and Chinese Regions in which AWS names
// no endpoint of Elastic Disaster Recovery. Source: the endpoint metadata of the
// AWS SDK for Go v2, service/drs v1.39.0.
var withoutRecoveryService = []string{"ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "cn-north-1", "cn-northwest-1", "mx-central-1"}

// withoutRecovery reports whether the Region does not offer the service, so that it
// holds no source server: the list says so, and no such name exists. Either alone
// is no proof: the list grows old, and names have vanished with a Region's DNS.
func (a *across) withoutRecovery(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound && slices.Contains(withoutRecoveryService, a.region)
}

func instanceOf(s types.SourceServer) string {
	if s.SourceProperties == nil || s.SourceProperties.IdentificationHints == nil {
		return ""
	}
	return aws.ToString(s.SourceProperties.IdentificationHints.AwsInstanceID)
}

func sourceServer(s types.SourceServer, instance string) map[string]any {
	out := map[string]any{"SourceServerID": aws.ToString(s.SourceServerID), "InstanceID": instance, "LastLaunchResult": string(s.LastLaunchResult)}
	info := s.DataReplicationInfo
	if info == nil {
		return out
	}
	out["State"] = string(info.DataReplicationState)
	if e := info.DataReplicationError; e != nil {
		out["Error"] = string(e.Error)
	}
	if lag, ok := isoSeconds(aws.ToString(info.LagDuration)); ok {
		out["LagSeconds"] = lag
	}
	return out
}

// durations are ISO 8601's, as far as a lag may need them: a year has 365 days
// and a month 30.
var durations = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`)

// isoSeconds reads a duration such as PT1M30S; ok is false when it is none.
func isoSeconds(s string) (seconds float64, ok bool) {
	parts := durations.FindStringSubmatch(s)
	if parts == nil {
		return 0, false
	}
	for i, unit := range []float64{365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1} {
		if part := parts[i+1]; part != "" {
			n, err := strconv.ParseFloat(part, 64)
			if err != nil {
				return 0, false
			}
			seconds, ok = seconds+n*unit, true
		}
	}
	return seconds, ok && !math.IsInf(seconds, 0)
}
