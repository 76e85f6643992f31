// Package logs simulates log groups, what filters them, and resource policies. It owns AWS::Logs::LogGroup, MetricFilter,
// SubscriptionFilter and ResourcePolicy. It keeps no log events; streams and queries are unknown operations.
package logs

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the resource type of a log group.
const Type = "AWS::Logs::LogGroup"

// Service returns CloudWatch Logs.
func Service() core.Service {
	tags := core.Tagging{Find: group, Tags: "tags", Keys: "tagKeys", Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": tags}, nil
	}}
	metricFilters, subscriptionFilters := metricFilterFamily(), subscriptionFilterFamily()
	return core.Service{
		Name: "logs",
		Operations: map[string]core.Handler{
			"DescribeLogGroups": describeLogGroups, "CreateLogGroup": createLogGroup, "DeleteLogGroup": deleteLogGroup,
			"PutRetentionPolicy": putRetention, "DeleteRetentionPolicy": deleteRetention, "AssociateKmsKey": associateKey,
			"DisassociateKmsKey": disassociateKey, "ListTagsForResource": tags.List, "ListTagsLogGroup": tags.List,
			"TagResource": tags.Add, "UntagResource": tags.Remove,
			"DescribeMetricFilters": metricFilters.list, "PutMetricFilter": metricFilters.put, "DeleteMetricFilter": metricFilters.remove,
			"DescribeSubscriptionFilters": subscriptionFilters.list, "PutSubscriptionFilter": subscriptionFilters.put,
			"DeleteSubscriptionFilter": subscriptionFilters.remove,
			"DescribeResourcePolicies": listPolicies, "PutResourcePolicy": putPolicy,
		},
		Kinds: append(filterKinds(), core.Kind{
			Type:       Type,
			Name:       core.NameRule{Property: "LogGroupName", Max: 512},
			Attributes: map[string]string{"Arn": "arn:aws:logs:{Region}:{Account}:log-group:{LogGroupName}:*"},
			Ref:        "{LogGroupName}",
			Replace:    []string{"LogGroupName"},
			Invalid:    "InvalidParameterException",
			Defaults:   map[string]any{"LogGroupClass": "STANDARD"},
			Schema: core.Schema{
				Numbers:  []string{"RetentionInDays"},
				Booleans: []string{"DeletionProtectionEnabled"},
				Allowed: map[string][]string{
					"LogGroupClass": {"STANDARD", "INFREQUENT_ACCESS", "DELIVERY"},
					"RetentionInDays": {"1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731", "1096",
						"1827", "2192", "2557", "2922", "3288", "3653"},
				},
			},
		}),
	}
}

func group(c *core.Call) (store.Resource, error) {
	name := c.In.String("logGroupName")
	for _, member := range []string{"resourceArn", "resourceIdentifier", "logGroupIdentifier"} {
		if v := c.In.String(member); v != "" {
			name = v
		}
	}
	if arn, ok := shape.ParseARN(name); ok {
		name = strings.TrimSuffix(strings.TrimPrefix(arn.Resource, "log-group:"), ":*")
	}
	r, ok := c.Get(Type, name)
	if !ok {
		return r, wire.Errorf(400, "ResourceNotFoundException", "The specified log group does not exist.")
	}
	return r, nil
}

func describeLogGroups(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(Type) {
		pattern := c.In.String("logGroupNamePattern")
		if !strings.HasPrefix(r.ID, c.In.String("logGroupNamePrefix")) || !strings.Contains(strings.ToLower(r.ID), strings.ToLower(pattern)) {
			continue
		}
		arn := wire.Text(r.Attributes["Arn"])
		out := core.Out{
			"logGroupName": r.ID, "creationTime": r.Created.UnixMilli(), "metricFilterCount": 0, "storedBytes": 0, "arn": arn,
			"logGroupArn": strings.TrimSuffix(arn, ":*"), "logGroupClass": r.Properties["LogGroupClass"],
			"deletionProtectionEnabled": shape.Bool(r.Properties["DeletionProtectionEnabled"]),
		}
		if days := r.Properties["RetentionInDays"]; days != nil {
			out["retentionInDays"] = days
		}
		if key := wire.Text(r.Properties["KmsKeyId"]); key != "" {
			out["kmsKeyId"] = key
		}
		list = append(list, out)
	}
	page, next, err := core.Paginate(list, c.In.String("nextToken"), c.In.Int("limit", 50))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidParameterException", "The specified nextToken is invalid.")
	}
	return core.Out{"logGroups": page, "nextToken": next}, nil
}

func createLogGroup(c *core.Call) (any, error) {
	properties := map[string]any{"LogGroupName": c.In.String("logGroupName")}
	for member, property := range map[string]string{"kmsKeyId": "KmsKeyId", "logGroupClass": "LogGroupClass"} {
		if v := c.In.String(member); v != "" {
			properties[property] = v
		}
	}
	_, err := c.Create(Type, properties, c.In.StringMap("tags"))
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "ResourceAlreadyExistsException", "The specified log group already exists")
	}
	return nil, err
}

func deleteLogGroup(c *core.Call) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	return nil, c.Delete(Type, r.ID)
}

func patch(c *core.Call, name string, value any) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(Type, r.ID, map[string]any{name: value})
	return nil, err
}

func putRetention(c *core.Call) (any, error) {
	return patch(c, "RetentionInDays", c.In["retentionInDays"])
}
func deleteRetention(c *core.Call) (any, error) { return patch(c, "RetentionInDays", nil) }
func associateKey(c *core.Call) (any, error)    { return patch(c, "KmsKeyId", c.In.String("kmsKeyId")) }
func disassociateKey(c *core.Call) (any, error) { return patch(c, "KmsKeyId", nil) }
