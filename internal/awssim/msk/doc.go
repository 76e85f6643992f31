// Package msk simulates the control plane of Managed Streaming for Apache Kafka: provisioned and serverless clusters, and
// configurations with their revisions. It owns those AWS::MSK types. It runs no broker, and a change is done when it is
// asked for.
package msk

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type              = "AWS::MSK::Cluster"
	ServerlessType    = "AWS::MSK::ServerlessCluster"
	ConfigurationType = "AWS::MSK::Configuration"
)

// Service returns MSK.
func Service() core.Service {
	const one, configuration = "/v1/clusters/{clusterArn}", "/v1/configurations/{arn}"
	return core.Service{
		Name: "kafka", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"ListClustersV2": listClusters, "DescribeClusterV2": describeCluster, "GetBootstrapBrokers": bootstrapBrokers, "CreateClusterV2": createCluster,
			"UpdateBrokerCount": change("NumberOfBrokerNodes", "targetNumberOfBrokerNodes"), "UpdateBrokerType": changeType, "UpdateBrokerStorage": changeStorage,
			"UpdateClusterKafkaVersion": change("KafkaVersion", "targetKafkaVersion"), "UpdateMonitoring": change("EnhancedMonitoring", "enhancedMonitoring"),
			"DeleteCluster": deleteCluster, "DescribeConfiguration": describeConfiguration, "DescribeConfigurationRevision": describeRevision,
			"CreateConfiguration": createConfiguration, "UpdateConfiguration": updateConfiguration,
		},
		Routes: []wire.Route{
			{Operation: "ListClustersV2", Method: "GET", Path: "/api/v2/clusters"}, {Operation: "CreateClusterV2", Method: "POST", Path: "/api/v2/clusters"},
			{Operation: "DescribeClusterV2", Method: "GET", Path: "/api/v2/clusters/{clusterArn}"}, {Operation: "DeleteCluster", Method: "DELETE", Path: one},
			{Operation: "GetBootstrapBrokers", Method: "GET", Path: one + "/bootstrap-brokers"},
			{Operation: "UpdateBrokerCount", Method: "PUT", Path: one + "/nodes/count"}, {Operation: "UpdateBrokerType", Method: "PUT", Path: one + "/nodes/type"},
			{Operation: "UpdateBrokerStorage", Method: "PUT", Path: one + "/nodes/storage"}, {Operation: "UpdateMonitoring", Method: "PUT", Path: one + "/monitoring"},
			{Operation: "UpdateClusterKafkaVersion", Method: "PUT", Path: one + "/version"},
			{Operation: "CreateConfiguration", Method: "POST", Path: "/v1/configurations"}, {Operation: "DescribeConfiguration", Method: "GET", Path: configuration},
			{Operation: "UpdateConfiguration", Method: "PUT", Path: configuration},
			{Operation: "DescribeConfigurationRevision", Method: "GET", Path: configuration + "/revisions/{revision}"},
		},
		Kinds: kinds(),
	}
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Identifier: []string{"Arn"}, TagMap: true, Replace: []string{"ClusterName", "EncryptionInfo"}, WriteOnly: []string{"ZookeeperAccess"},
			Defaults: map[string]any{"EnhancedMonitoring": "DEFAULT", "StorageMode": "LOCAL",
				"EncryptionInfo": map[string]any{"EncryptionInTransit": map[string]any{"ClientBroker": "TLS", "InCluster": true}}},
			Schema: core.Schema{Required: []string{"BrokerNodeGroupInfo", "ClusterName", "KafkaVersion", "NumberOfBrokerNodes"},
				Numbers:  []string{"NumberOfBrokerNodes", "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize", "ConfigurationInfo.Revision"},
				Booleans: []string{"EncryptionInfo.EncryptionInTransit.InCluster", "ClientAuthentication.Sasl.Iam.Enabled", "ClientAuthentication.Unauthenticated.Enabled"},
				Allowed:  map[string][]string{"EnhancedMonitoring": {"DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"}}},
			Create: nameCluster, Update: nextVersion,
		},
		{
			Type: ServerlessType, Identifier: []string{"Arn"}, TagMap: true, Replace: []string{"ClusterName", "ClientAuthentication", "VpcConfigs"},
			Schema: core.Schema{Required: []string{"ClientAuthentication", "ClusterName", "VpcConfigs"}, Booleans: []string{"ClientAuthentication.Sasl.Iam.Enabled"}},
			Create: nameCluster,
		},
		{
			Type: ConfigurationType, Identifier: []string{"Arn"}, Replace: []string{"KafkaVersionsList", "Name"}, WriteOnly: []string{"ServerProperties"},
			Schema: core.Schema{Required: []string{"Name", "ServerProperties"}}, Create: nameConfiguration, Update: nextRevision,
		},
	}
}

func notFound(format string, args ...any) error {
	return wire.Errorf(404, "NotFoundException", format, args...)
}
