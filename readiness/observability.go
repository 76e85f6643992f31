package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// alarmTypes have a state.
var alarmTypes = []string{"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"}

func observabilityRules() []Rule {
	return append(watchRules(), Rule{
		ID: "OBS-02", Severity: drift.Block, check: alarmsQuiet,
		Title:      "No alarm of the standby is ringing or without data",
		Why:        "An alarm that rings says that the standby is broken now. One without data says nothing, and nothing is not health.",
		Source:     "ARC readiness rules for CloudWatch alarms; AWS post-event summary of November 2020",
		Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn},
		Needs:      []Need{{Types: alarmTypes, Fact: drift.FactAlarmState, Actions: []string{"cloudwatch:DescribeAlarms"}}},
		Fix:        "Find out why the alarm rings in the standby; give a silent alarm data, or say in TreatMissingData what silence means.",
	})
}

// watchRules: what watches the standby must be there before it is needed.
func watchRules() []Rule {
	soft := strategyLevels{topology.BackupRestore: LevelOff}
	return parityRules(
		parity{
			id: "OBS-01", severity: drift.Block, noun: "alarm", holds: "the same metric, threshold and actions in the standby",
			title:  "Alarms watch the standby as they watch the primary, and call somebody",
			why:    "After the takeover nobody is called for what nobody watches.",
			source: "AWS multi-Region fundamentals 4; Amazon Aurora user guide, Aurora global database disaster recovery",
			fix:    "Deploy the same alarm to the standby, with actions that reach a topic of the standby's Region.",
			types:  alarmTypes, least: drift.Warn, existence: true,
			actions: []string{"cloudwatch:DescribeAlarms"}, strategies: soft,
		},
		parity{
			id: "OBS-03", severity: drift.Warn, noun: "log group or dashboard", holds: "exist in the standby with the same retention",
			title:  "Log groups and dashboards exist in the standby, with the same retention",
			why:    "What cannot be seen cannot be operated: the first hour after a takeover is spent in logs and dashboards.",
			source: "AWS multi-Region fundamentals 4",
			fix:    "Deploy the same log groups and dashboards to the standby.",
			types:  []string{"AWS::Logs::LogGroup", "AWS::CloudWatch::Dashboard", "AWS::Logs::MetricFilter"}, existence: true,
			actions: []string{"cloudwatch:GetDashboard", "logs:DescribeLogGroups"}, strategies: soft,
		})
}

func alarmsQuiet(h *hearing) {
	alarms := 0
	for _, kind := range alarmTypes {
		h.used = h.used || len(h.primary.byType[kind]) > 0
		for _, r := range h.standby.byType[kind] {
			alarms++
			h.alarmQuiet(r.Key)
		}
	}
	for _, p := range h.pairs(alarmTypes...) {
		if p.standby == nil && h.missing(p.key) != nil {
			h.fail(drift.Warn, p.key, "Deploy the alarm to the standby.", "watches %s and not %s", h.primary.region(), h.standby.region())
		} else if p.standby == nil && !h.hidden(h.standby.region(), p.primary) {
			h.undecided(p.key, "exists in %s; in %s it was neither read nor found missing", h.primary.region(), h.standby.region())
		}
	}
	h.applies(alarms, "alarm", "state OK in the standby")
}

func (h *hearing) alarmQuiet(key string) {
	value, _ := h.standby.fact(drift.FactAlarmState, key)
	state, _ := value.(string)
	region := h.standby.region()
	switch state {
	case "OK":
	case "ALARM":
		h.fail("", key, "", "is in ALARM in %s", region)
	case "INSUFFICIENT_DATA":
		h.fail(drift.Warn, key, "", "has no data in %s", region)
	default:
		h.unknown(region, key, drift.FactAlarmState, "the alarm's state was not read in %s", region)
	}
}
