package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kafka/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type kafkaAPI interface {
	ListClustersV2(context.Context, *kafka.ListClustersV2Input, ...func(*kafka.Options)) (*kafka.ListClustersV2Output, error)
	GetBootstrapBrokers(context.Context, *kafka.GetBootstrapBrokersInput, ...func(*kafka.Options)) (*kafka.GetBootstrapBrokersOutput, error)
	DescribeConfiguration(context.Context, *kafka.DescribeConfigurationInput, ...func(*kafka.Options)) (*kafka.DescribeConfigurationOutput, error)
	DescribeConfigurationRevision(context.Context, *kafka.DescribeConfigurationRevisionInput, ...func(*kafka.Options)) (*kafka.DescribeConfigurationRevisionOutput, error)
}

// clustersPerPage is the page of ListClustersV2, which describes each of them.
const clustersPerPage = 100

func kafkaReader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::MSK::Cluster",
				Properties: []string{"ClusterName", "KafkaVersion", "NumberOfBrokerNodes", "BrokerNodeGroupInfo", "ClientAuthentication",
					"ConfigurationInfo", "EncryptionInfo", "EnhancedMonitoring", "LoggingInfo", "OpenMonitoring", "StorageMode", "Rebalancing", "Tags"},
				Actions: []string{"kafka:DescribeConfigurationRevision", "kafka:GetBootstrapBrokers", "kafka:ListClustersV2"},
				Batch:   perCall(clustersPerPage), Identities: []string{"Arn", "BrokerDomain", "ClusterName"},
				Facts: []string{drift.FactMSKState, drift.FactContent},
			},
			{
				Type:       "AWS::MSK::ServerlessCluster",
				Properties: []string{"ClusterName", "ClientAuthentication", "VpcConfigs", "Tags"},
				Actions:    []string{"kafka:GetBootstrapBrokers", "kafka:ListClustersV2"},
				Batch:      perCall(clustersPerPage), Identities: []string{"Arn", "BrokerDomain", "ClusterName"},
				Facts: []string{drift.FactMSKState},
			},
			{
				Type:       "AWS::MSK::Configuration",
				Properties: []string{"Name", "Description", "KafkaVersionsList", "LatestRevision", "ServerProperties"},
				Actions:    []string{"kafka:DescribeConfiguration", "kafka:DescribeConfigurationRevision"},
				Identities: []string{"Arn"},
			},
		},
		read: readKafka,
	}
}

func readKafka(ctx context.Context, r *run, items []inventory.Item) {
	var clusters []inventory.Item
	var jobs []func()
	for _, item := range items {
		switch {
		case item.ID == "":
			r.unaddressable(item, "a physical id")
		case item.Type == "AWS::MSK::Configuration":
			jobs = append(jobs, func() { r.kafkaConfiguration(ctx, item) })
		default:
			clusters = append(clusters, item)
		}
	}
	if len(clusters) > 0 {
		jobs = append(jobs, func() { r.kafkaClusters(ctx, clusters) })
	}
	each(ctx, jobs, func(job func()) { job() })
}

func (r *run) kafkaClusters(ctx context.Context, items []inventory.Item) {
	found := map[string]types.Cluster{}
	pages := kafka.NewListClustersV2Paginator(r.clients.kafka, &kafka.ListClustersV2Input{MaxResults: aws.Int32(clustersPerPage)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.failedAll(items, err)
			return
		}
		for _, c := range page.ClusterInfoList {
			found[aws.ToString(c.ClusterArn)] = c
		}
	}
	for _, item := range items {
		c, ok := found[item.ID]
		if !ok {
			r.gone(item)
			continue
		}
		r.fact(item, drift.FactMSKState, map[string]any{"State": string(c.State)})
		o := newObject().take(c, "ClusterName").identity("Arn", item.ID).identity("ClusterName", aws.ToString(c.ClusterName))
		o.tags = c.Tags
		if c.Provisioned != nil {
			provisionedBrokers(o, c.Provisioned)
			r.runningConfiguration(ctx, item, o, c.Provisioned.CurrentBrokerSoftwareInfo)
		}
		if c.Serverless != nil {
			o.take(c.Serverless, "ClientAuthentication")
			serverlessNetworks(o, c.Serverless)
		}
		r.brokers(ctx, item, o)
		r.found(item, o)
	}
}

// brokers learns by what hosts clients know the cluster: all have one domain.
func (r *run) brokers(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.kafka.GetBootstrapBrokers(ctx, &kafka.GetBootstrapBrokersInput{ClusterArn: &item.ID})
	if err != nil {
		r.partial(item, "BootstrapBrokers", err)
		return
	}
	for _, list := range []*string{out.BootstrapBrokerStringTls, out.BootstrapBrokerStringSaslIam, out.BootstrapBrokerStringSaslScram, out.BootstrapBrokerString,
		out.BootstrapBrokerStringPublicTls, out.BootstrapBrokerStringPublicSaslIam, out.BootstrapBrokerStringPublicSaslScram} {
		host, _, _ := strings.Cut(aws.ToString(list), ":")
		if _, domain, ok := strings.Cut(host, "."); ok && strings.HasPrefix(host, "b-") {
			o.identity("BrokerDomain", domain)
			return
		}
		if host != "" { // serverless: one host is all of them
			o.identity("BrokerDomain", host)
			return
		}
	}
}

// owns reports whether an id is that of a resource of the application.
func (r *run) owns(id string) bool {
	for _, item := range r.Items {
		if item.ID == id {
			return true
		}
	}
	return false
}

// provisionedBrokers fills what has another shape in CloudFormation than in MSK.
func provisionedBrokers(o *object, p *types.Provisioned) {
	o.take(p, "NumberOfBrokerNodes", "ClientAuthentication", "EncryptionInfo", "EnhancedMonitoring", "LoggingInfo", "OpenMonitoring",
		"StorageMode", "Rebalancing")
	if s := p.CurrentBrokerSoftwareInfo; s != nil {
		o.set("KafkaVersion", s.KafkaVersion)
	}
	if b := p.BrokerNodeGroupInfo; b != nil {
		info := map[string]any{"BrokerAZDistribution": b.BrokerAZDistribution, "ClientSubnets": b.ClientSubnets,
			"InstanceType": b.InstanceType, "SecurityGroups": b.SecurityGroups, "ConnectivityInfo": b.ConnectivityInfo}
		if b.StorageInfo != nil {
			info["StorageInfo"] = map[string]any{"EBSStorageInfo": b.StorageInfo.EbsStorageInfo}
		}
		o.set("BrokerNodeGroupInfo", info)
	}
}

func serverlessNetworks(o *object, s *types.Serverless) {
	var networks []map[string]any
	for _, v := range s.VpcConfigs {
		networks = append(networks, map[string]any{"SubnetIds": v.SubnetIds, "SecurityGroups": v.SecurityGroupIds})
	}
	o.set("VpcConfigs", networks)
}

func (r *run) kafkaConfiguration(ctx context.Context, item inventory.Item) {
	o, err := r.configurationOf(ctx, item.ID)
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, o.identity("Arn", item.ID))
}

// configurationOf reads a configuration and the text of its latest revision. The
// revision's number is left out: Regions count on their own.
func (r *run) configurationOf(ctx context.Context, arn string) (*object, error) {
	out, err := r.clients.kafka.DescribeConfiguration(ctx, &kafka.DescribeConfigurationInput{Arn: &arn})
	if err != nil {
		return nil, err
	}
	o := newObject().take(out, "Name", "Description")
	if len(out.KafkaVersions) > 0 {
		o.set("KafkaVersionsList", out.KafkaVersions)
	}
	if out.LatestRevision == nil {
		return nil, incomplete(kafka.ServiceID, "DescribeConfiguration", "the latest revision of "+arn)
	}
	revision, err := r.clients.kafka.DescribeConfigurationRevision(ctx,
		&kafka.DescribeConfigurationRevisionInput{Arn: &arn, Revision: out.LatestRevision.Revision})
	if err != nil {
		return nil, err
	}
	return o.set("ServerProperties", string(revision.ServerProperties)), nil
}

// runningConfiguration fills in what the brokers run with: the text of the
// revision they were given, whatever the configuration says in a later one. Of a
// configuration that is no resource of the application that is all there is.
func (r *run) runningConfiguration(ctx context.Context, item inventory.Item, o *object, s *types.BrokerSoftwareInfo) {
	if s == nil || s.ConfigurationArn == nil {
		return
	}
	arn := *s.ConfigurationArn
	out, err := r.clients.kafka.DescribeConfigurationRevision(ctx,
		&kafka.DescribeConfigurationRevisionInput{Arn: &arn, Revision: s.ConfigurationRevision})
	if err != nil {
		r.partial(item, "ConfigurationInfo", err)
		return
	}
	o.set("ConfigurationInfo", map[string]any{"Arn": arn, "Revision": s.ConfigurationRevision, "ServerProperties": string(out.ServerProperties)})
	if !r.owns(arn) {
		r.content(arn, "MSKConfiguration", configurationName(arn), map[string]any{"ServerProperties": string(out.ServerProperties)})
	}
}

// configurationName takes the name out of arn:…:configuration/<name>/<uuid>.
func configurationName(arn string) string {
	_, path, _ := strings.Cut(arn, ":configuration/")
	name, _, _ := strings.Cut(path, "/")
	return name
}
