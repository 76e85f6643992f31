package drift

import ()

// addNamed enters the names of resources that the Region's stacks list and
// that are not in the snapshot, because they could not be read or are gone: a
// mention of one of them is no difference of the resource that mentions it.
func (v *view) addNamed() {
	for _, f := range v.snapshot.Facts {
		key := v.of(f.Subject)
		if f.Kind != FactUnread && f.Kind != FactGone || v.known[key] {
			continue
		}
		v.listed[key] = true
		r := named(f)
		texts := identities(&r, v.stackNames[stackOf(f.Subject)])
		for _, attribute := range sortedKeys(texts) {
			text := texts[attribute]
			v.owners[text] = append(v.owners[text],
				owner{symbolOf(key, attribute), key, placeResource, leastStrength(r.Type, attribute, text)})
		}
	}
}

// named is all that is known of a resource that was listed and not read.
func named(f Fact) Resource {
	value, _ := f.Value.(map[string]any)
	r := Resource{Key: f.Subject, Identities: map[string]string{}}
	r.Type, _ = value["Type"].(string)
	r.ID, _ = value["PhysicalId"].(string)
	identities, _ := value["Identities"].(map[string]any)
	for attribute, text := range identities {
		r.Identities[attribute], _ = text.(string)
	}
	return r
}
