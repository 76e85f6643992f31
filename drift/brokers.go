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
// of them, not the same and not in one order each time it is asked, and a client
// learns of the others from any.
func oneBroker(text string, names []mention) string {
	if !slices.ContainsFunc(names, func(m mention) bool { return strings.HasSuffix(m.symbol, "."+brokerDomain) }) {
		return text
	}
	list := strings.Split(aBroker.ReplaceAllString(text, "$1"), ",")
	return strings.Join(slices.Compact(list), ",")
}
