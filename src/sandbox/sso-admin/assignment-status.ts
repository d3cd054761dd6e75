import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { describeAssignmentRequest } from "./assignments.ts";
import { findInstance } from "./lookup.ts";
import { describeListedRequest, findRequest, requestsOf } from "./requests.ts";
import { instanceArn, paging, requestId, statusFilter } from "./shapes.ts";

const listInput = { InstanceArn: instanceArn, Filter: statusFilter, ...paging } as const;

/** How requests that create or delete assignments are getting on. */
export const assignmentStatusOperations = {
  DescribeAccountAssignmentCreationStatus: operation(
    { InstanceArn: instanceArn, AccountAssignmentCreationRequestId: requestId },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      const request = findRequest(instance, "create-assignment", input.AccountAssignmentCreationRequestId);
      return { AccountAssignmentCreationStatus: describeAssignmentRequest(request) };
    },
  ),

  DescribeAccountAssignmentDeletionStatus: operation(
    { InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: requestId },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      const request = findRequest(instance, "delete-assignment", input.AccountAssignmentDeletionRequestId);
      return { AccountAssignmentDeletionStatus: describeAssignmentRequest(request) };
    },
  ),

  ListAccountAssignmentCreationStatus: operation(listInput, (input, context) => {
    const instance = findInstance(context, input.InstanceArn);
    const requests = requestsOf(instance, "create-assignment", input.Filter?.Status);
    const { items, next } = page(context, input, requests, { key: (request) => request.RequestId });
    return { AccountAssignmentsCreationStatus: items.map(describeListedRequest), ...next };
  }),

  ListAccountAssignmentDeletionStatus: operation(listInput, (input, context) => {
    const instance = findInstance(context, input.InstanceArn);
    const requests = requestsOf(instance, "delete-assignment", input.Filter?.Status);
    const { items, next } = page(context, input, requests, { key: (request) => request.RequestId });
    return { AccountAssignmentsDeletionStatus: items.map(describeListedRequest), ...next };
  }),
};
