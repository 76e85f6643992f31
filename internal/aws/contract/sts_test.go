package contract

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
)

func TestAssumedRolesActInTheirAccount(t *testing.T) {
	both(t, "", func(s side) {
		ctx := context.Background()
		api := sts.NewFromConfig(s.config("eu-west-1"))
		_, err := api.GetCallerIdentity(ctx, nil)
		s.ok(err)
		role, err := api.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: str("arn:aws:iam::222222222222:role/deployer"), RoleSessionName: str("run-1")})
		s.ok(err)
		if !strings.HasSuffix(*role.AssumedRoleUser.Arn, ":assumed-role/deployer/run-1") || time.Until(*role.Credentials.Expiration) <= 0 {
			s.Errorf("%+v", role)
		}
		cfg := s.config("eu-west-1")
		cfg.Credentials = credentials.NewStaticCredentialsProvider(*role.Credentials.AccessKeyId, *role.Credentials.SecretAccessKey, *role.Credentials.SessionToken)
		me, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
		s.ok(err)
		if *me.Account != "222222222222" || *me.Arn != *role.AssumedRoleUser.Arn {
			s.Errorf("%s %s", *me.Account, *me.Arn)
		}
		name := "/" + s.unique("account")
		_, err = ssm.NewFromConfig(cfg).PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: str("v"), Type: "String"})
		s.ok(err)
		_, err = ssm.NewFromConfig(s.config("eu-west-1")).GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
		s.code(err, "ParameterNotFound")
	})
}

func TestAWebIdentityNeedsNoCredentials(t *testing.T) {
	both(t, "", func(s side) {
		cfg := s.config("eu-west-1")
		cfg.Credentials = nil
		out, err := sts.NewFromConfig(cfg).AssumeRoleWithWebIdentity(context.Background(), &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: str("arn:aws:iam::333333333333:role/github"), RoleSessionName: str("run"), WebIdentityToken: str("a.b.c")})
		s.ok(err)
		if !strings.Contains(*out.AssumedRoleUser.Arn, "333333333333:assumed-role/github/run") {
			s.Errorf("%s", *out.AssumedRoleUser.Arn)
		}
	})
}

func TestASessionExpires(t *testing.T) {
	clk := clock.NewManual(time.Now())
	sim, err := awssim.New(awssim.Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	s := side{T: t, sim: sim}
	role, err := sts.NewFromConfig(s.config("eu-west-1")).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: str("arn:aws:iam::222222222222:role/x"), RoleSessionName: str("s"), DurationSeconds: aws.Int32(900)})
	s.ok(err)
	cfg := s.config("eu-west-1")
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*role.Credentials.AccessKeyId, "x", *role.Credentials.SessionToken)
	api := sts.NewFromConfig(cfg)
	_, err = api.GetCallerIdentity(t.Context(), nil)
	s.ok(err)
	clk.Advance(15 * time.Minute)
	_, err = api.GetCallerIdentity(t.Context(), nil)
	s.code(err, "ExpiredToken")
}
