package collect

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// forgetful leaves a row out of every list of a stack's resources.
type forgetful struct {
	aws.HTTPClient
	logicalID string
}

var listedRow = regexp.MustCompile(`(?s)<member>.*?</member>`)

func (f forgetful) Do(r *http.Request) (*http.Response, error) {
	answer, err := f.HTTPClient.Do(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(body, []byte("ListStackResourcesResponse")) {
		body = listedRow.ReplaceAllFunc(body, func(row []byte) []byte {
			if bytes.Contains(row, []byte("<LogicalResourceId>"+f.logicalID+"</LogicalResourceId>")) {
				return nil
			}
			return row
		})
		answer.ContentLength = int64(len(body))
		answer.Header.Del("Content-Length")
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// Two lists that lack the same look like two Regions that are alike.
func TestWhatBothListsOfResourcesLeaveOutIsNoAgreement(t *testing.T) {
	w := newWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	for _, g := range compare(w, w.snapshots(o)).Gaps {
		if g.Operation == "cloudformation:ListStackResources" {
			t.Errorf("a whole list: %+v", g)
		}
	}
	o.Session.HTTPClient = forgetful{o.Session.HTTPClient, "StuckSettlements"}
	c := compare(w, w.snapshots(o))
	var about []string
	for _, g := range c.Gaps {
		if g.Operation == "cloudformation:ListStackResources" {
			about = append(about, g.Region+" "+g.Resource)
		}
	}
	if !slices.Equal(about, []string{"us-east-1 payments/StuckSettlements", "us-west-2 payments/StuckSettlements"}) || c.Coverage.NotCompared == 0 {
		t.Errorf("coverage %+v, gaps about %v", c.Coverage, about)
	}
}
