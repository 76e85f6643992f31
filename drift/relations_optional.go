package drift

// optionalRules: what only some applications have, and ARC readiness checks knew:
// Site-to-Site VPN, Classic Load Balancers, volumes of their own. What they leave to
// the rules of every type is equal or a warning.
var optionalRules = []Rule{
	{Type: "AWS::EC2::CustomerGateway", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::EC2::CustomerGateway", Property: "CertificateArn", Relation: Present, Severity: Block},
	{Type: "AWS::EC2::VPNGateway", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::EC2::VPNConnection", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::EC2::VPNConnection", Property: "StaticRoutesOnly", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "CustomerGatewayId", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "VpnGatewayId", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "TransitGatewayId", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "LocalIpv4NetworkCidr", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "RemoteIpv4NetworkCidr", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNConnection", Property: "VpnTunnelOptionsSpecifications.*.TunnelInsideCidr", Relation: Present, Severity: Info}, // unique to a gateway
	{Type: "AWS::EC2::VPNConnectionRoute", Property: "", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::VPNGatewayRoutePropagation", Property: "", Relation: Equal, Severity: Block},

	{Type: "AWS::ElasticLoadBalancing::LoadBalancer", Property: "Scheme", Relation: Equal, Severity: Block},
	{Type: "AWS::ElasticLoadBalancing::LoadBalancer", Property: "Subnets", Relation: Equal, Severity: Block},
	{Type: "AWS::ElasticLoadBalancing::LoadBalancer", Property: "AvailabilityZones", Relation: Present, Severity: Block}, // each Region has its own
	{Type: "AWS::ElasticLoadBalancing::LoadBalancer", Property: "AccessLoggingPolicy", Relation: Equal, Severity: Info},

	{Type: "AWS::EC2::Volume", Property: "Encrypted", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::Volume", Property: "VolumeType", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::Volume", Property: "MultiAttachEnabled", Relation: Equal, Severity: Block},
	{Type: "AWS::EC2::Volume", Property: "Iops", Relation: AtLeast, Severity: Warn, Fix: fixSize},
	{Type: "AWS::EC2::Volume", Property: "Throughput", Relation: AtLeast, Severity: Warn, Fix: fixSize},

	{Type: "AWS::MSK::ClusterPolicy", Property: "", Relation: Equal, Severity: Block},
}
