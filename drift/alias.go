package drift

// aliases say under which key of the primary a resource of the standby goes,
// where the two were not paired by one key. Everything that compares speaks
// the primary's keys; what stands in the standby's stacks is found by its own.
type aliases struct{ key, own map[string]string }

func newAliases() aliases { return aliases{map[string]string{}, map[string]string{}} }

// join lets a key of the standby go under one of the primary.
func (a aliases) join(primary, standby string) {
	a.key[standby], a.own[primary] = primary, standby
}

// of is the common key of a resource that has this key in its own Region.
func (a aliases) of(own string) string {
	if key, ok := a.key[own]; ok {
		return key
	}
	return own
}

// ownOf is the key that a resource has in its own Region.
func (a aliases) ownOf(key string) string {
	if own, ok := a.own[key]; ok {
		return own
	}
	return key
}
