package ledger

import (
	"reflect"
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func TestActionsAreThoseOfTheInterfaces(t *testing.T) {
	for _, c := range []struct {
		have  []string
		calls reflect.Type
	}{{Actions(), reflect.TypeFor[writeAPI]()}, {ReadActions(), reflect.TypeFor[readAPI]()}} {
		var want []string
		for i := range c.calls.NumMethod() {
			want = append(want, session.Action("SSM", c.calls.Method(i).Name))
		}
		slices.Sort(want)
		if !slices.Equal(c.have, want) {
			t.Errorf("%s: the table says %q, the interface needs %q", c.calls.Name(), c.have, want)
		}
	}
}
