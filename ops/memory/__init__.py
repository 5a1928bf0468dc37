"""The ports in memory: what tests, the virtual city and the simulation of faults run over.

Every rule that DynamoDB enforces for us is enforced here too; the same contract tests run over both.
"""
