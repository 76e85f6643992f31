package drift

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift/metadata"
)

// trait says how the value of one property is to be normalised.
type trait uint16

const (
	traitUnordered  trait = 1 << iota // an array without order
	traitOrdered                      // an array whose order means something
	traitDropped                      // set by AWS, says nothing about the configuration
	traitFree                         // a map of the user's own names and values
	traitTags                         // tags, in any of their shapes
	traitMeaningful                   // false, "" or {} is not the same as absent
	traitPolicy                       // a policy document
	traitFixed                        // cannot change after creation
	traitPairs                        // a list of {Name, Value} that is a map of the user's own
	traitDocument                     // a document in a language of its own
	traitPattern                      // a document whose lists are alternatives: an event pattern, a filter policy
)

// traitDeep makes the other traits of a place hold for everything below it that
// has no place of its own.
const traitDeep trait = 1 << 15

// shape is what is known about the properties below one place of a type.
type shape struct {
	traits trait
	kids   map[string]*shape
}

func (s *shape) has(t trait) bool { return s != nil && s.traits&t != 0 }

// at is the shape of a property or, for "*", of an array's elements.
func (s *shape) at(name string) *shape {
	if s == nil {
		return nil
	}
	if kid := s.kids[name]; kid != nil || !s.has(traitDeep) {
		return kid
	}
	return &shape{traits: s.traits}
}

func (s *shape) mark(path, separator string, t trait) {
	for name := range strings.SplitSeq(path, separator) {
		next := s.kids[name]
		if next == nil {
			next = &shape{}
			if s.kids == nil {
				s.kids = map[string]*shape{}
			}
			s.kids[name] = next
		}
		s = next
	}
	s.traits |= t
}

// shapes makes the shape of every type once per comparison.
type shapes map[string]*shape

func (all shapes) of(typeName string) *shape {
	if s, ok := all[typeName]; ok {
		return s
	}
	s := newShape(typeName)
	all[typeName] = s
	return s
}

func newShape(typeName string) *shape {
	s := &shape{}
	known, _ := metadata.Lookup(typeName)
	for _, path := range known.Unordered {
		s.mark(path, "/", traitUnordered)
	}
	for _, path := range known.CreateOnly {
		s.mark(path, "/", traitFixed)
	}
	for _, path := range known.ReadOnly {
		if !isTelling(typeName, path) {
			s.mark(path, "/", traitDropped)
		}
	}
	if known.Tags != "" {
		s.mark(known.Tags, "/", traitTags)
	}
	s.markHeld(typeName)
	for _, rule := range propertyTraits {
		if rule.Type == typeName {
			s.mark(rule.Property, ".", rule.Traits)
		}
	}
	return s
}
