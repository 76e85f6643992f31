package drift

import "testing"

func TestWhatIsMadeOfAnUnreadResourceIsNotCompared(t *testing.T) {
	parameter := func(p testPlace, declared any) Resource {
		return Resource{Key: "app/Where", Type: "AWS::SSM::Parameter", ID: "/app/where",
			Properties: props{"Type": "String", "Value": "db1." + p.salt + ".example"}, Declared: props{"Type": "String", "Value": declared}}
	}
	unread := Gap{Region: west.region, Resource: "app/Database", Type: "AWS::RDS::DBInstance", Operation: "rds:DescribeDBInstances", Reason: "AccessDenied"}
	tests := map[string]struct {
		declared any
		gaps     []Gap
		findings int
	}{
		"made of a resource that was not read":   {"${Database.Endpoint.Address}", []Gap{unread}, 0},
		"in a list":                              {list("x", "${Database}"), []Gap{unread}, 0},
		"made of another one":                    {"${Other.Endpoint.Address}", []Gap{unread}, 1},
		"made of nothing":                        {"plain", []Gap{unread}, 1},
		"made of it, and everything was read":    {"${Database.Endpoint.Address}", nil, 1},
		"a name that only begins like a logical": {"${DatabaseTwo.Endpoint}", []Gap{unread}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := region(east, parameter(east, test.declared)), region(west, parameter(west, test.declared))
			b.Gaps = test.gaps
			c := Compare(a, b, options)
			if len(c.Findings) != test.findings {
				t.Errorf("findings %+v", c.Findings)
			}
			told := false
			for _, g := range c.Gaps {
				told = told || g.Resource == "app/Where" && g.Property == "Value" && g.Reason == "Unresolved"
			}
			if told != (test.findings == 0) {
				t.Errorf("gaps %+v", c.Gaps)
			}
		})
	}
}
