package awssim

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/cfn"
	"github.com/lockstep-dr/lockstep/internal/awssim/cloudcontrol"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/ssm"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
)

// services lists what the simulator simulates. A new service is one line here.
func services(sessions *sts.Sessions, engine *cfn.Engine) []core.Service {
	return []core.Service{
		sts.Service(sessions),
		engine.Service(),
		cloudcontrol.Service(),
		ssm.Service(),
	}
}
