package drift

import "strings"

// bands are properties whose live value an autoscaler sets: the resource that
// sets the bounds, and how it names what it scales. Within the bounds the value
// says how much load there is, not how the Region is configured; the bounds
// themselves are compared on their own.
var bands = []struct{ Type, Property, Dimension, Prefix string }{
	{"AWS::ECS::Service", "DesiredCount", "ecs:service:DesiredCount", "service/"},
	{"AWS::DynamoDB::Table", "ProvisionedThroughput.ReadCapacityUnits", "dynamodb:table:ReadCapacityUnits", "table/"},
	{"AWS::DynamoDB::Table", "ProvisionedThroughput.WriteCapacityUnits", "dynamodb:table:WriteCapacityUnits", "table/"},
	{"AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.ProvisionedThroughput.ReadCapacityUnits", "dynamodb:index:ReadCapacityUnits", "table/"},
	{"AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.ProvisionedThroughput.WriteCapacityUnits", "dynamodb:index:WriteCapacityUnits", "table/"},
	{"AWS::Lambda::Alias", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", "lambda:function:ProvisionedConcurrency", "function:"},
	{"AWS::ElastiCache::ReplicationGroup", "NumNodeGroups", "elasticache:replication-group:NodeGroups", "replication-group/"},
	{"AWS::ElastiCache::ReplicationGroup", "ReplicasPerNodeGroup", "elasticache:replication-group:Replicas", "replication-group/"},
	{"AWS::MSK::Cluster", "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize", "kafka:broker-storage:VolumeSize", "arn:"},
}

// scaledLive reports whether a difference is only load: in both Regions an
// autoscaler rules over the value, and the standby's is within its bounds.
func (c *comparer) scaledLive(p *couple, d difference) bool {
	if d.primary == nil || d.standby == nil {
		return false
	}
	if p.primary.Type == "AWS::AutoScaling::AutoScalingGroup" && d.path.equals("DesiredCapacity") {
		return c.primary.hasPolicy(p.key) && c.standby.hasPolicy(p.key) && within(d.standby, p.right.child("MinSize"), p.right.child("MaxSize"))
	}
	for _, b := range bands {
		if b.Type != p.primary.Type || !d.path.equals(b.Property) {
			continue
		}
		index := ""
		if strings.Contains(b.Property, "*") {
			index = "/index/" + d.path[1].name
		}
		if c.primary.target(p.primary, b.Dimension, b.Prefix, index) == nil {
			return false
		}
		target := c.standby.target(p.standby, b.Dimension, b.Prefix, index)
		return target != nil && within(d.standby, c.standby.plain(nil, 0, target["MinCapacity"], structured), c.standby.plain(nil, 0, target["MaxCapacity"], structured))
	}
	return false
}

func within(value, least, most *node) bool {
	v, ok := numeric(value)
	low, ok1 := numeric(least)
	high, ok2 := numeric(most)
	return ok && ok1 && ok2 && low <= v && v <= high
}

// target finds the properties of the scalable target that rules over a
// resource's dimension. It names the resource by a path that ends in its name.
func (s *side) target(r *Resource, dimension, prefix, index string) map[string]any {
	for _, t := range s.ofType("AWS::ApplicationAutoScaling::ScalableTarget") {
		if d, _ := t.Properties["ScalableDimension"].(string); d != dimension {
			continue
		}
		id, _ := t.Properties["ResourceId"].(string)
		name, found := strings.CutPrefix(id, prefix)
		if prefix == "arn:" {
			name, found = id, true
		}
		if found && s.names(r, strings.TrimSuffix(name, index)) {
			return t.Properties
		}
	}
	return nil
}

// names reports whether an autoscaler's path leads to a resource: its name, the
// name after its cluster's, its function's and its own.
func (s *side) names(r *Resource, name string) bool {
	for _, text := range identities(r, "") {
		if text == name || strings.HasSuffix(text, "/"+name) || strings.HasSuffix(text, ":function:"+name) {
			return true
		}
	}
	return false
}

// hasPolicy reports whether a policy scales an Auto Scaling group.
func (s *side) hasPolicy(key string) bool {
	for _, policy := range s.ofType("AWS::AutoScaling::ScalingPolicy") {
		name, _ := policy.Properties["AutoScalingGroupName"].(string)
		for _, o := range s.owners[name] {
			if o.key == key {
				return true
			}
		}
	}
	return false
}

// ofType lists the Region's resources of a type.
func (s *side) ofType(typeName string) []*Resource {
	if s.byType == nil {
		s.byType = map[string][]*Resource{}
		for i := range s.snapshot.Resources {
			r := &s.snapshot.Resources[i]
			s.byType[r.Type] = append(s.byType[r.Type], r)
		}
	}
	return s.byType[typeName]
}
