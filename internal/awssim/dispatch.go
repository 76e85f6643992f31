package awssim

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// maxBody bounds a request; the largest honest one is an object put to S3.
const maxBody = 64 << 20

// answer is a response and what happens to it on its way.
type answer struct {
	*wire.Response
	effect string // "", fault.Reset, fault.Truncate, fault.Empty or fault.Hang
}

// exchange is one request on its way through the cloud.
type exchange struct {
	cloud    *Cloud
	state    *state
	http     *http.Request
	body     []byte
	service  *core.Service // nil for unknown ones
	identity sts.Identity
	call     core.Call
	dialect  wire.Dialect
	faults   []string
}

// handle answers one request.
func (c *Cloud) handle(r *http.Request) answer {
	if c.options.AdvancePerCall > 0 {
		c.wait(r, c.options.AdvancePerCall)
	}
	x := &exchange{cloud: c, state: c.state.Load(), http: r}
	body, err := readBody(r)
	if err != nil {
		return answer{Response: wire.Dialect{}.EncodeError(wire.Errorf(413, "RequestEntityTooLarge", "%v", err))}
	}
	x.body = body
	x.identify()
	a, code := x.answer()
	x.record(a, code)
	return a
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = errors.New("the request is too large for the simulator")
	}
	return body, err
}

// identify finds service, Region and caller.
func (x *exchange) identify() {
	key, region, name := credentialScope(x.http)
	if name == "" {
		name, region = x.unsigned()
	}
	name = x.state.addressed(name, x.http.URL.Path, x.body)
	x.service = x.state.services[name]
	x.identity = x.state.sessions.Lookup(key)
	scope := x.identity.Scope(region)
	rest, ec2 := guess(name, x.http)
	if x.service != nil {
		ec2, rest = x.service.EC2, x.service.Rest
		if x.service.Rewrite != nil {
			x.http = x.service.Rewrite(x.http)
		}
		if x.service.Global {
			scope.Region = store.GlobalRegion
		}
	}
	x.call = core.Call{
		World: x.state.world, Scope: scope, SignedRegion: region, Service: name, AccessKeyID: key,
		Principal: x.identity.ARN, RequestID: x.state.world.IDs.UUID("request"),
	}
	x.dialect = wire.Dialect{
		Protocol: wire.Detect(x.http, rest, ec2), RequestID: x.call.RequestID, ContentType: x.http.Header.Get("Content-Type"),
	}
	if x.service != nil {
		x.dialect.Namespace, x.dialect.Items, x.dialect.Wraps = x.service.Namespace, x.service.Items, x.service.Wraps
	}
}

// addressed is the service that a request is for: services may share a signing name.
func (s *state) addressed(signed, path string, body []byte) string {
	for name, service := range s.services {
		if service.SignedAs == signed && strings.HasPrefix(path, service.Path) && speaks(service.Version, body) {
			return name
		}
	}
	return signed
}

// speaks reports whether a query is one of the version of an API.
func speaks(version string, body []byte) bool {
	if version == "" {
		return true
	}
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("Version") == version
}

// guess is the dialect in which a service that is not simulated is told so.
func guess(service string, r *http.Request) (rest wire.Protocol, ec2 bool) {
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.Query().Has("Action")
	switch {
	case service == "s3" || service == "route53" || service == "cloudfront":
		return wire.RestXML, false
	case service == "ec2":
		return "", true
	case form:
		return "", false
	}
	return wire.RestJSON, false
}

// credentialScope reads access key, Region and service from a SigV4 signature in the header or the query string.
func credentialScope(r *http.Request) (key, region, service string) {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	if credential == "" {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	parts := strings.Split(credential, "/")
	if len(parts) != 5 {
		return "", "", ""
	}
	return parts[0], parts[2], parts[3]
}

// unsigned places a request without a signature: by its Action (AssumeRoleWithWebIdentity needs no credentials), by its
// host, else S3 in path style.
func (x *exchange) unsigned() (service, region string) {
	host := x.http.Host
	if host == "" {
		host = x.http.URL.Host
	}
	labels := strings.Split(host, ".")
	region = "us-east-1"
	if len(labels) > 2 && strings.HasSuffix(host, "amazonaws.com") {
		for i, label := range labels[:len(labels)-2] {
			if x.state.services[label] != nil && i+1 < len(labels)-2 {
				return label, labels[i+1]
			}
		}
		if x.state.services[labels[0]] != nil {
			return labels[0], region
		}
	}
	if form, err := url.ParseQuery(string(x.body)); err == nil && form.Get("Action") != "" && x.http.Method == http.MethodPost {
		return "sts", region
	}
	return "s3", region
}

// answer performs the call, faults included. code is the error code for the ledger.
func (x *exchange) answer() (a answer, code string) {
	req, err := wire.Decode(x.dialect.Protocol, x.http, x.body)
	x.call.Request, x.call.In = req, req.Input
	known := x.route(req)
	x.call.Operation, x.dialect.Operation = req.Operation, req.Operation
	effect, refused := x.inject()
	switch {
	case effect == fault.Reset || effect == fault.Hang:
		return answer{effect: effect, Response: &wire.Response{}}, effect
	case refused != nil:
		err = refused
	case err == nil && x.expired():
		err = fault.Expired(x.dialect.Protocol)
	case err == nil && !known:
		err = x.unknown()
	}
	var out any
	if err == nil {
		out, err = x.service.Operations[req.Operation](&x.call)
	}
	if err != nil {
		var e *wire.Error
		if !errors.As(err, &e) {
			e = wire.Errorf(500, "InternalFailure", "%v", err)
		}
		return send(effect, x.dialect.EncodeError(e)), e.Code
	}
	return send(effect, x.dialect.Encode(out)), ""
}

// send is the answer as it leaves; an empty one keeps its status and its header.
func send(effect string, response *wire.Response) answer {
	if effect == fault.Empty {
		response.Body = nil
	}
	return answer{effect: effect, Response: response}
}

// route completes the operation of rest requests and reports whether it exists.
func (x *exchange) route(req *wire.Request) bool {
	if x.service == nil {
		return false
	}
	if req.Protocol == wire.RestJSON || req.Protocol == wire.RestXML {
		if !req.Match(x.service.Routes) {
			return false
		}
	}
	return x.service.Operations[req.Operation] != nil
}

func (x *exchange) expired() bool {
	return !x.identity.Expires.IsZero() && !x.call.Now().Before(x.identity.Expires)
}

// unknown is the protocol's own error for an operation or a service that is not simulated.
func (x *exchange) unknown() *wire.Error {
	op := x.call.Operation
	if op == "" {
		op = x.http.Method + " " + x.http.URL.Path
	}
	switch x.dialect.Protocol {
	case wire.Query:
		return wire.Errorf(400, "InvalidAction", "Could not find operation %s for version %s (service %s of the simulator)", op, x.call.Request.Version, x.call.Service)
	case wire.EC2Query:
		return wire.Errorf(400, "InvalidAction", "The action %s is not valid for this web service.", op)
	case wire.RestXML:
		return wire.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource: %s is not simulated.", op)
	case wire.RestJSON, wire.CBOR:
		return wire.Errorf(404, "UnknownOperationException", "The simulator has no operation %s of service %s.", op, x.call.Service)
	}
	return wire.Errorf(400, "UnknownOperationException", "The simulator has no operation %s of service %s.", op, x.call.Service)
}

// inject applies the faults that hit the call. effect is what happens to the connection, refused the error they answer.
func (x *exchange) inject() (effect string, refused error) {
	c := x.cloud
	x.cloud.wait(x.http, c.options.Latency)
	hits := c.faults.Calls(fault.CallInfo{
		Account: x.call.Account, Region: x.call.SignedRegion, Service: x.call.Service, Operation: x.call.Operation,
		Path: x.http.URL.Path, Body: x.body, At: x.call.Now(),
	})
	for _, f := range hits {
		x.faults = append(x.faults, f.ID)
		switch f.Effect {
		case fault.Latency:
			c.wait(x.http, f.Delay.D())
		case fault.Stale:
			x.call.Lag = f.Delay.D()
			if x.call.Lag == 0 {
				x.call.Lag = time.Minute
			}
		case fault.Reset, fault.Hang, fault.Truncate, fault.Empty:
			effect = f.Effect
		default:
			if refused == nil {
				refused = f.Answer(x.dialect.Protocol, x.call.Principal, x.action())
			}
		}
	}
	return effect, refused
}

func (x *exchange) action() string {
	if x.service == nil {
		return x.call.Service + ":" + x.call.Operation
	}
	return x.service.Action(x.call.Operation)
}

// wait lets time pass: a virtual clock is moved, on the wall clock the call really waits, at most until its caller gives up.
func (c *Cloud) wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	if m, virtual := c.clock.(interface{ Advance(time.Duration) }); virtual {
		m.Advance(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

func (x *exchange) record(a answer, code string) {
	e := Entry{
		Time: x.call.Now(), Account: x.call.Account, Region: x.call.SignedRegion, Service: x.call.Service,
		Operation: x.call.Operation, Status: a.Status, Code: code, Fault: strings.Join(x.faults, ","),
	}
	if a.effect != "" {
		e.Status = 0
	}
	x.cloud.ledger.add(e)
}
