package drift

import "strings"

// attributeDefaults are what the attributes of load balancers, their listeners
// and target groups are where nobody set them. AWS adds attributes Region by
// Region: one that a Region does not list yet has its default there, so that a
// Region which lists it with that value is configured alike.
// Source: LoadBalancerAttribute, TargetGroupAttribute and ListenerAttribute,
// Elastic Load Balancing API reference.
var attributeDefaults = map[string]map[string]string{
	"LoadBalancerAttributes": {
		"access_logs.s3.bucket": "", "access_logs.s3.enabled": "false", "access_logs.s3.prefix": "",
		"client_keep_alive.seconds": "3600",
		"connection_logs.s3.bucket": "", "connection_logs.s3.enabled": "false", "connection_logs.s3.prefix": "",
		"deletion_protection.enabled": "false",
		"health_check_logs.s3.bucket": "", "health_check_logs.s3.enabled": "false", "health_check_logs.s3.prefix": "",
		"idle_timeout.timeout_seconds":                             "60",
		"routing.http.desync_mitigation_mode":                      "defensive",
		"routing.http.drop_invalid_header_fields.enabled":          "false",
		"routing.http.preserve_host_header.enabled":                "false",
		"routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
		"routing.http.xff_client_port.enabled":                     "false",
		"routing.http.xff_header_processing.mode":                  "append",
		"routing.http2.enabled":                                    "true",
		"secondary_ips.auto_assigned.per_subnet":                   "0",
		"waf.fail_open.enabled":                                    "false",
		"zonal_shift.config.enabled":                               "false",
	},
	"TargetGroupAttributes": {
		"deregistration_delay.timeout_seconds":                                           "300",
		"lambda.multi_value_headers.enabled":                                             "false",
		"load_balancing.algorithm.anomaly_mitigation":                                    "off",
		"load_balancing.algorithm.type":                                                  "round_robin",
		"load_balancing.cross_zone.enabled":                                              "use_load_balancer_configuration",
		"proxy_protocol_v2.enabled":                                                      "false",
		"send_tcp_reset.on_deregistration.enabled":                                       "false",
		"send_tcp_reset.on_unhealthy.enabled":                                            "false",
		"slow_start.duration_seconds":                                                    "0",
		"stickiness.app_cookie.cookie_name":                                              "",
		"stickiness.app_cookie.duration_seconds":                                         "86400",
		"stickiness.enabled":                                                             "false",
		"stickiness.lb_cookie.duration_seconds":                                          "86400",
		"target_failover.on_deregistration":                                              "no_rebalance",
		"target_failover.on_unhealthy":                                                   "no_rebalance",
		"target_group_health.dns_failover.minimum_healthy_targets.count":                 "1",
		"target_group_health.dns_failover.minimum_healthy_targets.percentage":            "off",
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count":      "1",
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
		"target_health_state.unhealthy.connection_termination.enabled":                   "true",
		"target_health_state.unhealthy.draining_interval_seconds":                        "0",
	},
	"ListenerAttributes": {"tcp.idle_timeout.seconds": "350"},
}

// unlistedDefault reports whether one Region alone lists an attribute of a load
// balancer, with the value that it has in the other without being listed.
func unlistedDefault(typeName string, d difference) bool {
	if !strings.HasPrefix(typeName, "AWS::ElasticLoadBalancingV2::") || len(d.path) != 2 || (d.primary == nil) == (d.standby == nil) {
		return false
	}
	listed := d.primary
	if listed == nil {
		listed = d.standby
	}
	usual, known := attributeDefaults[d.path[0].name][d.path[1].name]
	return known && listed.scalar() && listed.text == usual
}
