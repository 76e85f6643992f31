package drift

import (
	"regexp"
	"slices"
	"strings"
)

// brokerDomain is the attribute of a Kafka cluster that all its brokers share:
// b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com without its first label.
const brokerDomain = "BrokerDomain"

var aBroker = regexp.MustCompile(`b-[0-9]+(?:-[a-z]+)*\.(\$\{[^}]*\.` + brokerDomain + `\})`)

// oneBroker writes a list of a cluster's brokers as the cluster. AWS names a few
// of them, not the same and not as many each time it is asked, and a client
// learns of the others from any. One that knows a single broker cannot start
// while that one is away: one is not a few.
func oneBroker(text string, names []mention) string {
	if !slices.ContainsFunc(names, func(m mention) bool { return strings.HasSuffix(m.symbol, "."+brokerDomain) }) {
		return text
	}
	list, brokers := strings.Split(text, ","), map[string]map[string]bool{}
	for i, broker := range list {
		list[i] = aBroker.ReplaceAllString(broker, "$1")
		if brokers[list[i]] == nil {
			brokers[list[i]] = map[string]bool{}
		}
		brokers[list[i]][broker] = true
	}
	list = slices.Compact(list)
	for i, cluster := range list {
		if len(brokers[cluster]) > 1 {
			list[i] = "some of " + cluster
		}
	}
	return strings.Join(list, ",")
}
