// Package coretest is a workbench for the tests of simulated services: a world on a virtual clock, and calls of operations
// without a wire. It owns no behaviour; what goes over the wire is proven with real SDK clients elsewhere.
package coretest

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Account and Regions of the workbench.
const (
	Account = "111111111111"
	East    = "us-east-1"
	West    = "us-west-2"
)

// Bench is a world with some services and a clock that moves when told to.
type Bench struct {
	*testing.T
	World *core.World
	Clock *clock.Manual

	services map[string]core.Service
}

// New returns a world with the services, on the first of May 2026.
func New(t *testing.T, services ...core.Service) *Bench {
	c := clock.NewManual(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	b := &Bench{T: t, World: core.NewWorld(c, 1, services), Clock: c, services: map[string]core.Service{}}
	for _, s := range services {
		b.services[s.Name] = s
	}
	return b
}

// Scope is the account in a Region; global services and kinds find their own.
func Scope(region string) store.Scope { return store.Scope{Account: Account, Region: region} }

// Try calls an operation, written service.Operation, in a Region. headers are those of the HTTP request, for services that
// look at them, body is its body.
func (b *Bench) Try(region, operation string, in wire.Object, body []byte, headers ...[2]string) (any, error) {
	b.Helper()
	name, op, _ := strings.Cut(operation, ".")
	s := b.services[name]
	h := s.Operations[op]
	if h == nil {
		b.Fatalf("there is no operation %s", operation)
	}
	req := httptest.NewRequest("POST", "/", nil)
	for _, kv := range headers {
		req.Header.Add(kv[0], kv[1])
	}
	scope := Scope(region)
	if s.Global {
		scope.Region = store.GlobalRegion
	}
	if in == nil {
		in = wire.Object{}
	}
	return h(&core.Call{World: b.World, Scope: scope, SignedRegion: region, Service: name, Operation: op, In: in,
		Request: &wire.Request{HTTP: req, Body: body}})
}

// Call is Try for calls that must succeed and answer with a structure or with nothing.
func (b *Bench) Call(region, operation string, in wire.Object) wire.Object {
	b.Helper()
	out, err := b.Try(region, operation, in, nil)
	if err != nil {
		b.Fatalf("%s: %v", operation, err)
	}
	return wire.AsObject(out)
}

// Refused calls an operation that must fail with the code, and returns the message.
func (b *Bench) Refused(code, region, operation string, in wire.Object) string {
	b.Helper()
	_, err := b.Try(region, operation, in, nil)
	return b.Code(code, err)
}

// Code fails the test unless the error has the code; it returns the message.
func (b *Bench) Code(want string, err error) string {
	b.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != want {
		b.Fatalf("got error %v, want %s", err, want)
	}
	return e.Message
}

// Make creates a resource as CloudFormation would: stack "app", the logical id given.
func (b *Bench) Make(region, logical, typ string, properties map[string]any) (store.Resource, error) {
	return b.World.Create(Scope(region), typ, properties, core.Origin{StackID: "arn:aws:cloudformation:stack/app", Stack: "app", Logical: logical})
}

// Made is Make for resources that must come to be.
func (b *Bench) Made(region, logical, typ string, properties map[string]any) store.Resource {
	b.Helper()
	r, err := b.Make(region, logical, typ, properties)
	if err != nil {
		b.Fatalf("create %s: %v", typ, err)
	}
	return r
}

// Live reads a resource.
func (b *Bench) Live(r store.Resource) store.Resource {
	b.Helper()
	out, ok := b.World.Store.Get(r.Scope, r.Type, r.ID)
	if !ok {
		b.Fatalf("%s %s is gone", r.Type, r.ID)
	}
	return out
}
