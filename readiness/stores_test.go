package readiness

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notStores are the types that a rollback would lose something of and that are no
// stores of BKP-01, with the reason.
var notStores = map[string]string{
	"AWS::Backup::BackupVault":             "holds the recovery points themselves",
	"AWS::CertificateManager::Certificate": "is issued anew",
	"AWS::CloudTrail::EventDataStore":      "is a record of what was done, which no takeover needs",
	"AWS::CodeCommit::Repository":          "is source code",
	"AWS::Cognito::IdentityPool":           "makes its identities anew",
	"AWS::DAX::Cluster":                    "is a cache in front of a table",
	"AWS::DMS::ReplicationInstance":        "moves data and holds none",
	"AWS::EC2::EIP":                        "is an address",
	"AWS::ECR::Repository":                 "holds images, which rules of artifacts judge",
	"AWS::EKS::Cluster":                    "has no data but its configuration; its volumes are not of any source",
	"AWS::ElastiCache::CacheCluster":       "is a cache that nothing but its Region keeps",
	"AWS::IoTAnalytics::Datastore":         "was closed by AWS",
	"AWS::KMS::Key":                        "is a key",
	"AWS::KMS::ReplicaKey":                 "is a key",
	"AWS::Kinesis::Stream":                 "holds what is on its way",
	"AWS::Logs::LogGroup":                  "holds logs, which no takeover needs",
	"AWS::RDS::GlobalCluster":              "holds the data of its clusters",
	"AWS::Route53::HostedZone":             "is global",
	"AWS::SQS::Queue":                      "holds what is on its way",
	"AWS::SSM::Parameter":                  "is compared value by value",
	"AWS::SecretsManager::Secret":          "is compared value by value",
}

func TestEveryStatefulTypeIsAStoreOrIsLeftOutForAReason(t *testing.T) {
	source, err := os.ReadFile("../deploy/class.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(source), "var stateful = ")
	list, _, ended := strings.Cut(list, "\n}")
	stateful := regexp.MustCompile(`AWS::\w+::\w+`).FindAllString(list, -1)
	if !found || !ended || len(stateful) == 0 {
		t.Fatal("the list of stateful types was not found")
	}
	for _, kind := range stateful {
		if store, out := slices.Contains(storeTypes(), kind), notStores[kind] != ""; store == out {
			t.Errorf("%s: a store %t, left out %t", kind, store, out)
		}
	}
	for kind := range notStores {
		if !slices.Contains(stateful, kind) {
			t.Errorf("%s is left out and not stateful", kind)
		}
	}
}
