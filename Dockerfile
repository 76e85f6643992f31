# Builds with the classic builder too (act uses no other): no RUN --mount, no
# heredoc, no --chmod, no BUILDPLATFORM.
FROM golang:1.26 AS build
WORKDIR /src
# Behind a proxy or a mirror: --build-arg GOPROXY=...
ARG GOPROXY
ARG GOSUMDB
ARG VERSION=dev
ENV CGO_ENABLED=0
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/lockstep ./cmd/lockstep \
    && mkdir -p /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/tmp /tmp
COPY --from=build /out/lockstep /lockstep
ENTRYPOINT ["/lockstep"]
