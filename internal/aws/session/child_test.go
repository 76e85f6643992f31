package session

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestAChildGetsTheRegionsCredentialsAndNoOthers(t *testing.T) {
	s := &Session{Region: topology.Region{Name: "us-west-2", Role: topology.Standby}, Account: "111111111111"}
	s.Config.Credentials = credentials.NewStaticCredentialsProvider("AKIA", "secret-key", "token")
	settings, secrets, err := s.Child(t.Context())
	if err != nil || settings["AWS_REGION"] != "us-west-2" || settings["AWS_SECRET_ACCESS_KEY"] != "secret-key" || settings["AWS_SESSION_TOKEN"] != "token" ||
		settings["LOCKSTEP_ROLE"] != "standby" || !slices.Equal(secrets, []string{"secret-key", "token"}) {
		t.Errorf("%v %v %v", settings, secrets, err)
	}
	s.Config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, errors.New("expired") })
	if _, _, err := s.Child(t.Context()); err == nil {
		t.Error("no credentials, and no error")
	}
}
