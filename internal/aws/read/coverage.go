package read

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// uncovered reports the declared properties that the type's reader does not
// read: nothing may be concluded about them. Properties that AWS never returns
// (write-only by the type's schema) can be read by nobody and are left out.
func (r *run) uncovered(item inventory.Item) {
	spec := r.specs[item.Type]
	known, _ := metadata.Lookup(item.Type)
	for _, name := range slices.Sorted(maps.Keys(item.Declared)) {
		if slices.Contains(spec.Properties, name) || writeOnly(known.WriteOnly, name) || name == known.Tags && slices.Contains(spec.Properties, "Tags") {
			continue
		}
		r.note(item, name, "", "", session.Unsupported, "Lockstep does not read this property of "+item.Type)
	}
}

// Covers reports whether a property of a type is read. Cloud Control gives
// everything; what AWS never returns can be read by nobody and counts as read.
func Covers(typ, property string) bool {
	spec, native := specsByType()[typ]
	known, _ := metadata.Lookup(typ)
	return !native || slices.Contains(spec.Properties, property) || writeOnly(known.WriteOnly, property)
}

// writeOnly reports whether a property, or everything the schema lets one
// write in it, is never returned.
func writeOnly(paths []string, name string) bool {
	for _, path := range paths {
		if path == name || strings.HasPrefix(path, name+"/") {
			return true
		}
	}
	return false
}
