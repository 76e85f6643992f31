package evidence

import (
	"cmp"
	"context"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const (
	instanceType    = "AWS::RDS::DBInstance"
	tableType       = "AWS::DynamoDB::Table"
	globalTableType = "AWS::DynamoDB::GlobalTable"
	bucketType      = "AWS::S3::Bucket"
)

// replicatingTypes are the types whose replication CloudWatch measures.
var replicatingTypes = []string{clusterType, globalClusterType, instanceType, tableType, globalTableType, bucketType}

// replication asks how far behind the copies are that metrics of this Region
// speak of.
func (a *across) replication(ctx context.Context) {
	questions := append(a.secondaryClusters(), a.readReplicas()...)
	questions = append(questions, a.tableReplicas()...)
	questions = append(questions, a.bucketRules()...)
	a.measure(ctx, recent, questions)
}

// secondaryClusters asks of every cluster of this Region that follows another
// one in a global database, whichever Region says so. A cluster that is too old
// for the metric of the RPO has the one of the replication.
// Source: Amazon Aurora user guide, Amazon CloudWatch metrics for Amazon Aurora.
func (a *across) secondaryClusters() []question {
	facts := factsOf(a.found.Facts, drift.FactGlobalClusterState)
	for _, s := range a.app.Snapshots {
		facts = append(facts, factsOf(s.Facts, drift.FactGlobalClusterState)...)
	}
	var questions []question
	for _, f := range facts {
		writer := ""
		for _, m := range list(object(f.Value)["GlobalClusterMembers"]) {
			if object(m)["IsWriter"] == true {
				writer = regionOf(text(m, "DBClusterArn"))
			}
		}
		for _, m := range list(object(f.Value)["GlobalClusterMembers"]) {
			arn := text(m, "DBClusterArn")
			if object(m)["IsWriter"] == true || regionOf(arn) != a.region {
				continue
			}
			q := question{kind: drift.FactAuroraLag, subject: a.listed(arn, clusterType), answer: lag}
			id := arn[strings.LastIndexByte(arn, ':')+1:]
			for _, name := range []string{"AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag"} {
				own := metric{namespace: "AWS/RDS", name: name, statistic: "Maximum", perSecond: 1000, dimensions: []dimension{{"DBClusterIdentifier", id}}}
				from := own
				from.dimensions = append([]dimension{}, dimension{"DBClusterIdentifier", id}, dimension{"SourceRegion", writer})
				if writer != "" {
					q.metrics = append(q.metrics, from)
				}
				q.metrics = append(q.metrics, own)
			}
			questions = appendOnce(questions, q)
		}
	}
	return questions
}

// listed is the key of a resource of this Region by its ARN; the ARN itself where
// no source lists it.
func (a *across) listed(arn, kind string) string {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	for _, r := range of(a.own, kind) {
		if r.ID == name {
			return r.Key
		}
	}
	return arn
}

// readReplicas asks of every replica of this Region: those that are listed, and
// those that another Region's instance names.
func (a *across) readReplicas() []question {
	var questions []question
	add := func(subject, id string) {
		questions = appendOnce(questions, question{kind: drift.FactReplicaLag, subject: subject, answer: lag, metrics: []metric{
			{namespace: "AWS/RDS", name: "ReplicaLag", statistic: "Maximum", perSecond: 1, dimensions: []dimension{{"DBInstanceIdentifier", id}}},
		}})
	}
	follows := map[string]bool{}
	for _, f := range factsOf(a.own.Facts, drift.FactDBInstanceState) {
		follows[f.Subject] = text(f.Value, "ReadReplicaSourceDBInstanceIdentifier") != ""
	}
	for _, r := range of(a.own, instanceType) {
		if follows[r.Key] {
			add(r.Key, r.ID)
		}
	}
	for _, s := range a.app.Snapshots {
		for _, f := range factsOf(s.Facts, drift.FactDBInstanceState) {
			for _, replica := range list(object(f.Value)["ReadReplicaDBInstanceIdentifiers"]) {
				arn, _ := replica.(string)
				if regionOf(arn) == a.region && s != a.own {
					add(a.listed(arn, instanceType), arn[strings.LastIndexByte(arn, ':')+1:])
				}
			}
		}
	}
	return questions
}

// tableReplicas asks of every table of this Region about each of its replicas in
// another Region of the application. Source: Amazon DynamoDB developer guide,
// DynamoDB metrics: the Region that sends has the metric.
func (a *across) tableReplicas() []question {
	replicas := map[string]any{}
	for _, f := range factsOf(a.own.Facts, drift.FactTableReplicas) {
		replicas[f.Subject] = f.Value
	}
	var questions []question
	for _, r := range of(a.own, tableType, globalTableType) {
		for _, replica := range list(replicas[r.Key]) {
			region := text(replica, "RegionName")
			if region == a.region || !a.inApplication(region) {
				continue
			}
			questions = append(questions, question{kind: drift.FactTableLag, subject: r.Key + "#" + region, answer: lag, metrics: []metric{
				{namespace: "AWS/DynamoDB", name: "ReplicationLatency", statistic: "Maximum", perSecond: 1000,
					dimensions: []dimension{{"TableName", r.ID}, {"ReceivingRegion", region}}},
			}})
		}
	}
	return questions
}

func (a *across) inApplication(region string) bool {
	for _, s := range a.app.Snapshots {
		if s.Region.Name == region {
			return true
		}
	}
	return false
}

// bucketRules asks, for the rules of this Region's buckets, what failed, and for
// rules of other Regions that end in a bucket of this one, how late they are.
// Source: Amazon S3 user guide, Using S3 Replication metrics: the failures are in
// the Region of the source, the latency in that of the destination.
func (a *across) bucketRules() []question {
	var questions []question
	for _, s := range a.app.Snapshots {
		for _, b := range of(s, bucketType) {
			for _, rule := range list(object(b.Properties["ReplicationConfiguration"])["Rules"]) {
				q, ok := ruleQuestion(b, object(rule))
				arn := text(object(rule)["Destination"], "Bucket")
				switch {
				case !ok:
				case s == a.own:
					q.kind, q.answer, q.metrics[0].name, q.metrics[0].statistic = drift.FactBucketFailures, total, "OperationsFailedReplication", "Sum"
					questions = append(questions, q)
				case a.has(bucketType, arn[strings.LastIndexByte(arn, ':')+1:]):
					q.kind, q.answer, q.metrics[0].name, q.metrics[0].statistic = drift.FactBucketLag, lag, "ReplicationLatency", "Maximum"
					questions = append(questions, q)
				}
			}
		}
	}
	return questions
}

// ruleQuestion is a question about a rule that is in force and measured.
func ruleQuestion(bucket *drift.Resource, rule map[string]any) (question, bool) {
	destination := object(rule["Destination"])
	if text(rule, "Status") != "Enabled" || text(destination["Metrics"], "Status") != "Enabled" {
		return question{}, false
	}
	arn, id := text(destination, "Bucket"), cmp.Or(text(rule, "Id"), text(rule, "ID"))
	return question{subject: bucket.Key + "#" + id, metrics: []metric{{namespace: "AWS/S3", perSecond: 1, dimensions: []dimension{
		{"SourceBucket", bucket.ID}, {"DestinationBucket", arn[strings.LastIndexByte(arn, ':')+1:]}, {"RuleId", id},
	}}}}, true
}

func (a *across) has(kind, id string) bool {
	for _, r := range of(a.own, kind) {
		if r.ID == id {
			return true
		}
	}
	return false
}

// appendOnce leaves out what is asked already: several Regions know of one replica.
func appendOnce(questions []question, q question) []question {
	for _, other := range questions {
		if other.kind == q.kind && other.subject == q.subject {
			return questions
		}
	}
	return append(questions, q)
}
