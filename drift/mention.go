package drift

// place is what kind of thing a mention names.
type place byte

const (
	placeResource place = iota // a resource of the application
	placeRegion                // a Region by its code
	placeService               // what an AWS service has of its own in a Region: a hosted zone, an account
	placeZone                  // an Availability Zone, by name or id
	placeCode                  // a Region by a customary short form ("use1")
	placeAccount               // an account by its number
	placeStack                 // a stack by its name
	placeContent               // something outside of the application, by its content
)

// mention is one thing that a text names: something of the Region the text
// was read in, or of the other one.
type mention struct {
	place place
	// symbol is the Region-independent name: "payments/Queue.Arn", "Region".
	symbol string
	// key is the resource key when a resource is named.
	key string
	// text is what stood in the value.
	text string
	// peer is true when it belongs to the other Region and not to the own one.
	peer bool
	// vague is true for texts so common that naming the thing may be chance
	// (a stage called "prod"): they are never taken for a pointer.
	vague bool
	// within is true for a place in the network of that resource.
	within bool
}

// token is what takes the mention's place in the canonical text. A mention of
// the other Region stays distinct from one of the own Region.
func (m mention) token() string {
	if m.peer {
		return "${peer:" + m.symbol + "}"
	}
	return "${" + m.symbol + "}"
}

// points reports whether the mention ties the value to the other Region. An
// account alone does not, and a short form may be part of any name.
func (m mention) points() bool {
	return m.peer && !m.vague && m.place != placeAccount && m.place != placeCode
}
