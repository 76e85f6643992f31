package evidence

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

type snapshotsAPI interface {
	rds.DescribeDBInstanceAutomatedBackupsAPIClient
	rds.DescribeDBSnapshotsAPIClient
	rds.DescribeDBClusterSnapshotsAPIClient
}

// The places in which RDS itself keeps recovery points.
const (
	inAutomated        = "replicated automated backups"
	inSnapshots        = "copied snapshots"
	inClusterSnapshots = "copied cluster snapshots"
)

// snapshots reads what RDS itself keeps in this Region of the primary's databases.
func (a *across) snapshots(ctx context.Context, api snapshotsAPI, stores []*store) {
	instances, clusters := map[string]*store{}, map[string]*store{}
	var ofInstances, ofClusters []*store
	for _, s := range stores {
		switch {
		case s.Type == instanceType:
			instances[s.arn], ofInstances = s, append(ofInstances, s)
		case slices.Contains(clusterTypes, s.Type):
			clusters[s.arn], ofClusters = s, append(ofClusters, s)
		}
	}
	for _, reading := range []struct {
		place  string
		stores []*store
		read   func(context.Context, snapshotsAPI, map[string]*store) error
		byARN  map[string]*store
	}{{inAutomated, ofInstances, automatedBackups, instances}, {inSnapshots, ofInstances, instanceSnapshots, instances},
		{inClusterSnapshots, ofClusters, clusterSnapshots, clusters}} {
		if len(reading.stores) == 0 {
			continue
		}
		if err := reading.read(ctx, api, reading.byARN); err != nil {
			a.unreadable(reading.stores, reading.place, err)
		}
	}
}

// automatedStates are when a database can be restored from automated backups that
// another Region's are replicated to. Source: Amazon RDS API reference,
// DBInstanceAutomatedBackup; Amazon RDS user guide, Replicating automated backups.
var automatedStates = []string{"active", "replicating", "retained"}

// automatedBackups are those that are replicated here; how recent they are is the
// end of the window that a database can be restored to.
func automatedBackups(ctx context.Context, api snapshotsAPI, byARN map[string]*store) error {
	pages := rds.NewDescribeDBInstanceAutomatedBackupsPaginator(api, &rds.DescribeDBInstanceAutomatedBackupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, b := range page.DBInstanceAutomatedBackups {
			s := byARN[aws.ToString(b.DBInstanceArn)]
			if s == nil {
				continue
			}
			p := recoveryPoint{from: inAutomated, status: aws.ToString(b.Status), encrypted: aws.ToBool(b.Encrypted), owned: b.StorageEncryptionType == types.StorageEncryptionTypeSse,
				key: aws.ToString(b.KmsKeyId)}
			if b.RestoreWindow != nil {
				p.at = b.RestoreWindow.LatestTime
			}
			p.complete = p.at != nil && slices.Contains(automatedStates, p.status)
			s.points = append(s.points, p)
		}
	}
	return nil
}

// instanceSnapshots are copies of snapshots of the primary's instances. The time
// at which the source was made does not change with the copy.
func instanceSnapshots(ctx context.Context, api snapshotsAPI, byARN map[string]*store) error {
	pages := rds.NewDescribeDBSnapshotsPaginator(api, &rds.DescribeDBSnapshotsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, d := range page.DBSnapshots {
			if s := copied(byARN, ":snapshot:", aws.ToString(d.SourceDBSnapshotIdentifier), ":db:"+aws.ToString(d.DBInstanceIdentifier)); s != nil {
				s.points = append(s.points, recoveryPoint{from: inSnapshots, status: aws.ToString(d.Status), complete: aws.ToString(d.Status) == "available",
					at: d.OriginalSnapshotCreateTime, encrypted: aws.ToBool(d.Encrypted), owned: d.StorageEncryptionType == types.StorageEncryptionTypeSse,
					key: aws.ToString(d.KmsKeyId)})
			}
		}
	}
	return nil
}

// clusterSnapshots are copies of snapshots of the primary's clusters. RDS does not
// say when the source was made: only the name of an automated one does.
func clusterSnapshots(ctx context.Context, api snapshotsAPI, byARN map[string]*store) error {
	pages := rds.NewDescribeDBClusterSnapshotsPaginator(api, &rds.DescribeDBClusterSnapshotsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, d := range page.DBClusterSnapshots {
			source := aws.ToString(d.SourceDBClusterSnapshotArn)
			if s := copied(byARN, ":cluster-snapshot:", source, ":cluster:"+aws.ToString(d.DBClusterIdentifier)); s != nil {
				s.points = append(s.points, recoveryPoint{from: inClusterSnapshots, status: aws.ToString(d.Status), complete: aws.ToString(d.Status) == "available",
					at: namedTime(source), encrypted: aws.ToBool(d.StorageEncrypted), owned: d.StorageEncryptionType == types.StorageEncryptionTypeSse,
					key: aws.ToString(d.KmsKeyId)})
			}
		}
	}
	return nil
}

// copied finds the store whose snapshot was copied: the ARN of the source has the
// account and the Region, and the copy the name of the database.
func copied(byARN map[string]*store, kind, source, database string) *store {
	before, _, ok := strings.Cut(source, kind)
	if !ok {
		return nil
	}
	return byARN[before+database]
}

// automatedName ends the name of an automated snapshot: the minute, in UTC, in
// which it was begun.
var automatedName = regexp.MustCompile(`:rds:.+-(\d{4}-\d\d-\d\d-\d\d-\d\d)$`)

func namedTime(arn string) *time.Time {
	found := automatedName.FindStringSubmatch(arn)
	if found == nil {
		return nil
	}
	at, err := time.Parse("2006-01-02-15-04", found[1])
	if err != nil {
		return nil
	}
	return &at
}
