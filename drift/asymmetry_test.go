package drift

import (
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestASwitchThatDiffersOnPurposeMustNotBecomeAlike(t *testing.T) {
	one := func(p testPlace, typeName, property string, declared, live any) *Snapshot {
		s := lonely(p, typeName, props{property: live})
		s.Resources[0].Declared = props{property: declared}
		return s
	}
	const rule, mapping = "AWS::Events::Rule", "AWS::Lambda::EventSourceMapping"
	for _, test := range []struct {
		name, typeName, property         string
		declaredPrimary, declaredStandby any
		primary, standby                 any
		changed                          string // "" for no finding
	}{
		{"as declared", rule, "State", "ENABLED", "DISABLED", "ENABLED", "DISABLED", ""},
		{"the standby switched on", rule, "State", "ENABLED", "DISABLED", "ENABLED", "ENABLED", "us-west-2"},
		{"the primary switched off", rule, "State", "ENABLED", "DISABLED", "DISABLED", "DISABLED", "us-east-1"},
		{"a consumer switched on", mapping, "Enabled", true, false, true, true, "us-west-2"},
		{"on in both by the templates", rule, "State", "ENABLED", "ENABLED", "ENABLED", "ENABLED", ""},
		{"not declared in the standby", rule, "State", "ENABLED", nil, "ENABLED", "ENABLED", ""},
	} {
		c := Compare(one(east, test.typeName, test.property, test.declaredPrimary, test.primary),
			one(west, test.typeName, test.property, test.declaredStandby, test.standby), options)
		switch {
		case test.changed == "" && len(c.Findings) == 0:
		case test.changed == "" || len(c.Findings) != 1:
			t.Errorf("%s:%s", test.name, show(c.Findings))
		default:
			if f := c.Findings[0]; f.ChangedIn != test.changed || f.Cause != OutOfBand || f.Severity != Warn || f.Property != test.property {
				t.Errorf("%s:%s", test.name, show(c.Findings))
			}
		}
	}
}

func TestOnlyAStandbyMayBeOff(t *testing.T) {
	for role, want := range map[topology.Role]int{topology.Standby: 0, topology.Active: 1} {
		primary, standby := lonely(east, "AWS::Events::Rule", props{"State": "ENABLED"}), lonely(west, "AWS::Events::Rule", props{"State": "DISABLED"})
		standby.Region.Role = role
		c := Compare(primary, standby, options)
		if len(c.Findings) != want || want > 0 && c.Findings[0].Severity != Block {
			t.Errorf("%s: want %d findings that block, have:%s", role, want, show(c.Findings))
		}
	}
}

func TestWhatMayBeOffIsOffByItsTemplate(t *testing.T) {
	one := func(p testPlace, typeName, property string, declared map[string]any, live any) *Snapshot {
		s := lonely(p, typeName, props{property: live})
		s.Resources[0].Declared = declared
		return s
	}
	const alarm, mapping, alias = "AWS::CloudWatch::Alarm", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Alias"
	warm := map[string]any{"ProvisionedConcurrentExecutions": 5.0}
	for _, test := range []struct {
		name, typeName, property         string
		declaredPrimary, declaredStandby map[string]any
		primary, standby                 any
		changed                          string // "" for no finding
		severity                         Severity
	}{
		{"off by the template", mapping, "Enabled", props{"Enabled": true}, props{"Enabled": false}, true, false, "", ""},
		{"off by hand, on by the template", mapping, "Enabled", props{"Enabled": true}, props{"Enabled": true}, true, false, "us-west-2", Block},
		{"off by hand, on by default", alarm, "ActionsEnabled", props{}, props{}, true, false, "us-west-2", Warn},
		{"off in a standby whose template is not known", alarm, "ActionsEnabled", props{}, nil, true, false, "", ""},
		{"taken away by hand", alias, "ProvisionedConcurrencyConfig", props{"ProvisionedConcurrencyConfig": warm},
			props{"ProvisionedConcurrencyConfig": warm}, warm, nil, "us-west-2", Warn},
		{"given to the primary by scaling, in no template", alias, "ProvisionedConcurrencyConfig", props{}, props{}, warm, nil, "", ""},
	} {
		c := Compare(one(east, test.typeName, test.property, test.declaredPrimary, test.primary),
			one(west, test.typeName, test.property, test.declaredStandby, test.standby), options)
		switch {
		case test.changed == "" && len(c.Findings) == 0:
		case test.changed == "" || len(c.Findings) != 1:
			t.Errorf("%s:%s", test.name, show(c.Findings))
		default:
			if f := c.Findings[0]; f.ChangedIn != test.changed || f.Cause != OutOfBand || f.Severity != test.severity {
				t.Errorf("%s:%s", test.name, show(c.Findings))
			}
		}
	}
}

func TestTheFirstOfTwoActiveRegionsMustNotBeTheWeakerOne(t *testing.T) {
	const group = "AWS::AutoScaling::AutoScalingGroup"
	for _, test := range []struct {
		name, typeName, property string
		primary, standby         any
		passive, active          int // findings with a standby, and with two active Regions
	}{
		{"a smaller maximum", group, "MaxSize", 1.0, 8.0, 0, 1},
		{"the same maximum", group, "MaxSize", 8.0, 8.0, 0, 0},
		{"a larger maximum", group, "MaxSize", 8.0, 1.0, 1, 1},
		{"a smaller class", "AWS::RDS::DBInstance", "DBInstanceClass", "db.r6g.large", "db.r6g.xlarge", 0, 1},
	} {
		for role, want := range map[topology.Role]int{topology.Standby: test.passive, topology.Active: test.active} {
			primary, standby := lonely(east, test.typeName, props{test.property: test.primary}), lonely(west, test.typeName, props{test.property: test.standby})
			standby.Region.Role = role
			if c := Compare(primary, standby, options); len(c.Findings) != want {
				t.Errorf("%s, %s: want %d findings, have:%s", test.name, role, want, show(c.Findings))
			}
		}
	}
}
