package awssim

import (
	"net/http"
	"net/url"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// fetch reads an object from the simulated S3, as CloudFormation does for a TemplateURL. It is a call of its own, past
// faults and ledger.
func (s *state) fetch(scope store.Scope, bucket, key string) ([]byte, error) {
	s3 := s.services["s3"]
	if s3 == nil {
		return nil, wire.Errorf(404, "NoSuchBucket", "The specified bucket does not exist")
	}
	r := &http.Request{Method: http.MethodGet, Host: "s3." + scope.Region + ".amazonaws.com", Header: http.Header{},
		URL: &url.URL{Path: "/" + bucket + "/" + key}}
	req, err := wire.Decode(wire.RestXML, r, nil)
	if err != nil {
		return nil, err
	}
	if !req.Match(s3.Routes) {
		return nil, wire.Errorf(404, "NoSuchKey", "The specified key does not exist.")
	}
	out, err := s3.Operations[req.Operation](&core.Call{
		World: s.world, Scope: scope, SignedRegion: scope.Region, Service: "s3", Operation: req.Operation, Request: req, In: req.Input,
		Principal: "arn:aws:iam::" + scope.Account + ":root", RequestID: s.world.IDs.UUID("request"),
	})
	if err != nil {
		return nil, err
	}
	if raw, ok := out.(*wire.Raw); ok {
		return raw.Body, nil
	}
	return nil, wire.Errorf(404, "NoSuchKey", "The specified key does not exist.")
}
