package inventory

// Tagged is one row of the table by which tagged resources are known, for the
// documentation.
type Tagged struct {
	// ARN is what follows the partition, with the service first: "sqs {name}".
	Service, Resource string
	// Type is the CloudFormation type; empty where Ignored says why such
	// resources are left out.
	Type, Ignored string
	// Named reports whether the ARN holds a name to pair by.
	Named bool
}

// TaggedTypes is the table.
func TaggedTypes() []Tagged {
	var list []Tagged
	for _, shape := range taggable() {
		list = append(list, Tagged{Service: shape.Service, Resource: shape.Resource, Type: shape.Type, Ignored: shape.Ignored, Named: shape.Name != ""})
	}
	return list
}
