package readiness

import "github.com/lockstep-dr/lockstep/drift"

// serverCases are about instances that Elastic Disaster Recovery protects.
var serverCases = []ruleCase{
	{"DAT-13", "it replicates, and is not far behind", protects(object{"State": "CONTINUOUS", "LagSeconds": 20.0, "LastLaunchResult": "SUCCEEDED"}), passes()},
	{"DAT-13", "it works off a backlog within the RPO", protects(object{"State": "BACKLOG", "LagSeconds": 50.0}), passes()},
	{"DAT-13", "an old copy was disconnected when it was registered again", func(w *world) {
		protects(object{})(w)
		w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{object{"InstanceID": "i-1", "State": "CONTINUOUS", "LagSeconds": 20.0}, object{"InstanceID": "i-1", "State": "DISCONNECTED"}}})
	}, passes()},
	{"DAT-13", "its agent was not seen", protects(object{"State": "STALLED", "Error": "AGENT_NOT_SEEN", "LagSeconds": 10.0}), blocks("its replication to us-west-2 is STALLED (AGENT_NOT_SEEN)")},
	{"DAT-13", "it was disconnected", protects(object{"State": "DISCONNECTED"}), blocks("is DISCONNECTED")},
	{"DAT-13", "a state that nobody knows", protects(object{"State": "EXPLODED"}), blocks("is EXPLODED")},
	{"DAT-13", "it is further behind than the RPO", protects(object{"State": "CONTINUOUS", "LagSeconds": 7200.0}), blocks("is 2h behind (CONTINUOUS); the RPO is 5m")},
	{"DAT-13", "its first copy is on its way", protects(object{"State": "INITIAL_SYNC"}), unknown("")},
	{"DAT-13", "nobody says how far behind it is", protects(object{"State": "CONTINUOUS"}), unknown("")},
	{"DAT-13", "nobody says in which state it is", protects(object{}), unknown("")},
	{"DAT-13", "its last drill failed", protects(object{"State": "CONTINUOUS", "LagSeconds": 1.0, "LastLaunchResult": "FAILED"}), warns("the last launch of its copy in us-west-2 failed")},
	{"DAT-13", "another instance was forgotten", func(w *world) {
		protects(object{"State": "CONTINUOUS", "LagSeconds": 1.0})(w)
		twins(w, "app/Other", "i-2")
	}, warns("does not protect it in us-west-2, as it does app/Machine")},
	{"DAT-13", "no objective says how much is too much", func(w *world) {
		protects(object{"State": "CONTINUOUS", "LagSeconds": 1.0})(w)
		w.objectives.RPO = 0
	}, warns("no objectives.rpo")},
	{"DAT-13", "the service is not used", func(w *world) {
		protects(object{})(w)
		w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{}})
	}, notApplicable("")},
	{"DAT-13", "it may not be asked", func(w *world) {
		protects(object{})(w)
		w.deniedFact(drift.FactSourceServers, "", "drs:DescribeSourceServers")
	}, unknown("drs:DescribeSourceServers")},
	{"DAT-13", "nobody asked", func(w *world) {
		protects(object{})(w)
		w.forget(&w.west, drift.FactSourceServers)
	}, unknown("drs:DescribeSourceServers")},
}

// protects is an instance of the primary with a source server in the standby.
func protects(server object) func(*world) {
	return func(w *world) {
		twins(w, "app/Machine", "i-1")
		s := object{"SourceServerID": "s-1", "InstanceID": "i-1"}
		for name, value := range server {
			s[name] = value
		}
		w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{s}})
	}
}

// twins are an instance that both Regions have; the primary's has the id.
func twins(w *world, key, id string) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		s.Resources = append(s.Resources, drift.Resource{Key: key, Type: typeInstance, ID: id, Properties: object{"ImageId": "ami-1"}})
		w.fact(s, drift.FactMachines, key, running(object{"m5.large": 1.0}, "m5.large"))
		id += "-standby"
	}
}
