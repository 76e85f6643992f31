package readiness

import (
	"cmp"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// store is a type whose resources hold data that no deploy brings.
type store struct {
	kind, noun string
	// unread says why nobody can tell what of it lies in another Region: the rule
	// stays open. Empty: AWS tells.
	unread string
	// elsewhere says what may hold it besides what is read: none found proves nothing.
	elsewhere string
	// severity is how hard the rule bites while it stays open.
	severity drift.Severity
}

// stores are the types that hold data. Caches are among them, and softer: what is
// in them can be made again. Queues and streams are not: what is on its way has no
// recovery point in any service.
// Source: AWS Backup developer guide, Feature availability by resource.
var stores = []store{
	{kind: "AWS::DynamoDB::Table", noun: "table"},
	{kind: "AWS::DynamoDB::GlobalTable", noun: "table"},
	{kind: typeDBInstance, noun: "database"},
	{kind: typeDBCluster, noun: "database cluster"},
	{kind: "AWS::DocDB::DBCluster", noun: "database cluster"},
	{kind: "AWS::Neptune::DBCluster", noun: "database cluster"},
	{kind: typeFileSystem, noun: "file system"},
	{kind: "AWS::FSx::FileSystem", noun: "file system"},
	{kind: typeBucket, noun: "bucket"},
	volumeStore,
	{kind: typeInstance, noun: "server", elsewhere: "a copied image or EBS snapshot does not say of which server it is"},
	{kind: "AWS::Redshift::Cluster", noun: "warehouse", unread: "copies of its snapshots are not read"},
	{kind: "AWS::RedshiftServerless::Namespace", noun: "warehouse", unread: "copies of its snapshots are not read"},
	{kind: "AWS::MemoryDB::Cluster", noun: "in-memory database", unread: "its snapshots stay in their Region, and exports are not read"},
	{kind: "AWS::Timestream::Table", noun: "time series", unread: "its copies are not read"},
	{kind: "AWS::Cassandra::Table", noun: "table", unread: "its recovery points stay in their Region, and exports are not read"},
	{kind: "AWS::OpenSearchService::Domain", noun: "search domain", unread: "its snapshots are not read"},
	{kind: "AWS::Elasticsearch::Domain", noun: "search domain", unread: "its snapshots are not read"},
	{kind: "AWS::OpenSearchServerless::Collection", noun: "search collection", unread: "its snapshots are not read"},
	{kind: "AWS::DSQL::Cluster", noun: "database cluster", unread: "neither its linked clusters nor its recovery points are read"},
	{kind: "AWS::DocDBElastic::Cluster", noun: "database cluster", unread: "copies of its snapshots are not read"},
	{kind: "AWS::Timestream::InfluxDBInstance", noun: "time series", unread: "its copies are not read"},
	{kind: "AWS::QLDB::Ledger", noun: "ledger", unread: "its exports are not read"},
	{kind: "AWS::S3Express::DirectoryBucket", noun: "directory bucket", unread: "its copies are not read"},
	{kind: "AWS::S3Tables::TableBucket", noun: "table bucket", unread: "its copies are not read"},
	{kind: "AWS::MSK::Cluster", noun: "Kafka cluster", unread: "AWS keeps no recovery points of topics"},
	{kind: "AWS::Cognito::UserPool", noun: "user pool", unread: "AWS keeps no recovery points of users"},
	{kind: "AWS::ElastiCache::ReplicationGroup", noun: "cache", unread: "its snapshots stay in their Region, and exports are not read", severity: drift.Warn},
	{kind: "AWS::ElastiCache::ServerlessCache", noun: "cache", unread: "its snapshots stay in their Region, and exports are not read", severity: drift.Warn},
}

var volumeStore = store{kind: "AWS::EC2::Volume", noun: "volume", elsewhere: "a copied EBS snapshot does not say of which volume it is"}

// storeTypes are the types of the stores.
func storeTypes() []string {
	types := make([]string, len(stores))
	for i, s := range stores {
		types[i] = s.kind
	}
	return types
}

// held is one store of the primary.
type held struct {
	pair
	store
	// disks are the ids of a server's volumes that count.
	disks []string
	// but says why nothing of a bucket is needed; empty: it may be.
	but string
}

// stores lists the primary's stores. An instance of a cluster holds its cluster's
// data, and a replica its source's.
func (h *hearing) stores() []held {
	var list []held
	for _, s := range stores {
		for _, p := range h.pairs(s.kind) {
			switch {
			case s.kind == typeDBInstance && (p.primary.Properties["DBClusterIdentifier"] != nil || h.follows(p.key)):
			case s.kind == typeInstance:
				list = append(list, h.server(p, s)...)
			case s.kind == typeBucket:
				list = append(list, h.bucket(p, s))
			default:
				list = append(list, held{pair: p, store: s})
			}
		}
	}
	slices.SortFunc(list, func(a, b held) int { return cmp.Compare(a.key, b.key) })
	return list
}

// follows reports whether an instance of the primary is a replica of one that is
// judged itself, or of the standby's.
func (h *hearing) follows(key string) bool {
	state, _ := h.primary.object(drift.FactDBInstanceState, key)
	source := text(state, "ReadReplicaSourceDBInstanceIdentifier")
	return h.writes(key) || slices.ContainsFunc(h.primary.byType[typeDBInstance], func(r *drift.Resource) bool { return r.ID == source })
}
