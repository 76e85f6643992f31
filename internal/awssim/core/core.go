package core

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Out is the usual output of a handler.
type Out = wire.Object

// World is everything the services share. It is safe for concurrent use.
type World struct {
	Store *store.Store
	Clock clock.Clock
	IDs   *store.IDs

	Durations map[string]Durations // how long a type takes, instead of what its kind says; set before use

	kinds map[string]Kind
}

// NewWorld returns an empty world that knows the kinds of the services.
func NewWorld(clk clock.Clock, seed int64, services []Service) *World {
	w := &World{Store: store.New(clk.Now), Clock: clk, IDs: store.NewIDs(seed), kinds: map[string]Kind{}}
	for _, s := range services {
		for _, k := range s.Kinds {
			if k.Service == "" {
				k.Service = s.Name
			}
			w.kinds[k.Type] = k
		}
	}
	return w
}

// Handler performs one operation. Its output is a tree, nil or a *wire.Raw; an error other than *wire.Error is answered as
// an internal failure.
type Handler func(*Call) (any, error)

// Service is one simulated AWS service.
type Service struct {
	Name       string            // signing name in the credential scope
	Namespace  string            // XML name space of the query protocols
	Items      map[string]string // XML name of the elements of a list, by the list's name, where it is not "member"
	Rest       wire.Protocol     // wire.RestJSON or wire.RestXML; empty for RPC services
	Wraps      bool              // errors of rest-xml stand in an ErrorResponse
	SignedAs   string            // signing name when another service has it too; Path then tells them apart
	Path       string            // what the paths of such a service begin with
	Version    string            // of the query API, where another version is another service with the same signing name
	EC2        bool              // speaks ec2Query
	Global     bool              // has no Regions: calls are scoped to store.GlobalRegion
	Prefix     string            // prefix of its IAM actions when it is not Name
	Actions    map[string]string // IAM action of an operation when it is not Prefix:Operation
	Routes     []wire.Route      // of the rest protocols
	Operations map[string]Handler
	Kinds      []Kind
	Rewrite    func(*http.Request) *http.Request // what routing sees instead of the request; nil: the request
}

// Action is the IAM action that an operation needs.
func (s *Service) Action(operation string) string {
	if a := s.Actions[operation]; a != "" {
		return a
	}
	if s.Prefix != "" {
		return s.Prefix + ":" + operation
	}
	return s.Name + ":" + operation
}

// Call is one authenticated request for one operation.
type Call struct {
	World *World
	store.Scope
	SignedRegion string // the Region in the signature, also for global services

	Service, Operation string
	Principal          string // ARN of the caller
	AccessKeyID        string // empty for unsigned calls
	RequestID          string
	In                 wire.Object
	Request            *wire.Request
	Lag                time.Duration // how old the state is that reads may return
}

// Read returns the state of the world as this call may see it.
func (c *Call) Read() store.View { return c.World.Store.View(c.Lag) }

// Get reads one resource in the scope of the call.
func (c *Call) Get(typ, id string) (store.Resource, bool) {
	return c.Read().Get(c.World.scope(c.Scope, typ), typ, id)
}

// List reads all resources of a type in the scope of the call, sorted by id.
func (c *Call) List(typ string) []store.Resource {
	return c.Read().List(c.World.scope(c.Scope, typ), typ)
}

// Create creates a resource in the scope of the call; see World.Create.
func (c *Call) Create(typ string, properties map[string]any, tags map[string]string) (store.Resource, error) {
	r, err := c.World.Create(c.Scope, typ, properties, Origin{Tags: tags})
	return r, c.own(typ, err)
}

// Update changes properties of a resource in the scope of the call; see World.Update.
func (c *Call) Update(typ, id string, patch map[string]any) (store.Resource, error) {
	r, err := c.World.Update(c.Scope, typ, id, Patch{Properties: patch})
	return r, c.own(typ, err)
}

// own says a violation of the schema the way the API of the service does: CloudFormation's words are its own.
func (c *Call) own(typ string, err error) error {
	e, ok := err.(*wire.Error)
	if !ok || e.Code != "ValidationException" {
		return err
	}
	reason, violated := strings.CutPrefix(e.Message, schemaViolation)
	if !violated {
		return err
	}
	code := "ValidationException"
	if k, _ := c.World.Kind(typ); k.Invalid != "" {
		code = k.Invalid
	}
	return wire.Errorf(400, code, "1 validation error detected: %s", strings.TrimSuffix(reason, ")"))
}

// Delete deletes a resource in the scope of the call; see World.Delete.
func (c *Call) Delete(typ, id string) error { return c.World.Delete(c.Scope, typ, id) }

// Now is the time of the simulation.
func (c *Call) Now() time.Time { return c.World.Clock.Now() }

// Paginate cuts a page out of a sorted list. token is the NextToken of the request, size the page size; next is the token
// of the following page, nil on the last one. An unreadable token is a ValidationException.
func Paginate[T any](list []T, token string, size int) (page []T, next any, err error) {
	start := 0
	if token != "" {
		start, err = strconv.Atoi(token)
		if err != nil || start < 0 || start > len(list) {
			return nil, nil, wire.Errorf(400, "ValidationException", "The specified token is invalid.")
		}
	}
	end := min(start+max(size, 1), len(list))
	if end < len(list) {
		next = strconv.Itoa(end)
	}
	return list[start:end], next, nil
}
